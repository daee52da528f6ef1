import { systemClock } from '@millrace/server/core/clock';
import { createIdentity, readEmail } from '@millrace/server/intake/identity/index';
import { createLog } from '@millrace/server/ops/log';
import type { Context } from '../context.ts';
import { openDirectly } from '../database.ts';
import { CliFailure } from '../failure.ts';
import { renderFields } from '../table.ts';

/** Makes a one-time link to a new password, in the database: the way back in where no operator can log in. */
export async function userResetLink(context: Context, email: string): Promise<void> {
  const { pool, close } = await openDirectly(context);
  try {
    const { rows } = await pool.query<{ id: string }>('select id from users where email_key = $1', [
      readEmail(email)?.key,
    ]);
    const userId = rows[0]?.id;
    if (userId === undefined) throw new CliFailure('failed', `nobody has the e-mail address ${email}`);
    const identity = createIdentity({ pool, clock: systemClock, log: createLog('silent') });
    const made = await identity.createResetLink(undefined, userId);
    if (!made.ok) throw new CliFailure('failed', made.problem.detail);
    const subject = `usr_${userId}`;
    await identity.record({ act: 'createResetLink', credential: 'command line', subject, subjectUserId: userId });
    context.output.result(made.value, () => renderFields(Object.entries(made.value)));
    context.output.note('Put the address of this server before the path. It is shown this once, and stored hashed.');
  } finally {
    await close();
  }
}
