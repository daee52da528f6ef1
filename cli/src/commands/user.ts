import { isCancel, password as askPassword } from '@clack/prompts';
import type { Role } from '@millrace/contract';
import { systemClock } from '@millrace/server/core/clock';
import { enqueueBonus } from '@millrace/server/effects/index';
import { createIdentity, type Identity, readEmail } from '@millrace/server/intake/identity/index';
import { createLog } from '@millrace/server/ops/log';
import { canAsk, type Context } from '../context.ts';
import { type DirectDatabase, openDirectly } from '../database.ts';
import { CliFailure } from '../failure.ts';
import { renderFields } from '../output.ts';

export interface UserCreateOptions {
  email: string;
  name?: string;
  role: Role;
  /** Read the password from the first line of stdin. */
  passwordStdin?: boolean;
  /** Nobody logs in as this user. */
  login: boolean;
}

/** Makes a user in the database, with or without a running server. A service gets an API key. */
export async function userCreate(context: Context, options: UserCreateOptions): Promise<void> {
  const { output } = context;
  const password = await passwordOf(context, options);
  const database = await openDirectly(context);
  try {
    const identity = identityOf(context, database);
    const created = await identity.createUser({
      email: options.email,
      name: options.name ?? options.email,
      role: options.role,
      password,
      welcome: options.role === 'investor' || options.role === 'trader',
    });
    if (!created.ok) throw refusal(created.problem);
    const { user, password: madeUp } = created.value;
    const { role, email } = user;
    const act = { act: 'create_user', credential: 'command line', subject: user.id, details: { role, email } };
    await identity.record({ ...act, subjectUserId: user.id.slice('usr_'.length) });
    const key = options.role === 'service' ? await serviceKey(identity, user.id) : undefined;
    const result = {
      ...user,
      ...(madeUp === undefined ? {} : { password: madeUp }),
      ...(key === undefined ? {} : { key }),
    };
    output.result(result, () => renderFields(Object.entries(result)));
    if (madeUp !== undefined || key !== undefined) output.note('It is shown this once, and stored hashed.');
  } catch (error) {
    if ((error as { code?: unknown }).code === '42P01') {
      throw new CliFailure('unreachable', 'the database has no tables yet', {
        hint: 'Run `millrace migrate` first.',
        cause: error,
      });
    }
    throw error;
  } finally {
    await database.close();
  }
}

/** undefined: one is made up and printed. null: none. */
async function passwordOf(
  { env }: Context,
  { role, login, passwordStdin }: UserCreateOptions,
): Promise<string | null | undefined> {
  if (!login || role === 'service') return null;
  if (passwordStdin) return firstLineOfStdin();
  if (!canAsk(env)) return undefined;
  const answer = await askPassword({ message: 'Password (empty: one is made up)', output: process.stderr });
  if (isCancel(answer)) throw new CliFailure('interrupted', 'interrupted');
  return answer === undefined || answer === '' ? undefined : answer;
}

/** Far beyond the longest password. */
const STDIN_BYTES_MAX = 10_000;

async function firstLineOfStdin(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk;
    if (text.includes('\n') || text.length > STDIN_BYTES_MAX) break;
  }
  const line = text.split(/\r?\n/, 1)[0] ?? '';
  if (line === '') throw new CliFailure('usage', 'stdin holds no password');
  return line;
}

/** Identity over the command's own pool. A running server sees the user at once. */
function identityOf(context: Context, { pool }: DirectDatabase): Identity {
  return createIdentity({
    pool,
    clock: systemClock,
    log: createLog('silent'),
    hooks: {
      // The starting balance goes the way of every order, so it is left to the server, now or at its next start; what it
      // is, too.
      onRegistered: async (client, userId) => {
        const { rows } = await client.query("select 1 where to_regnamespace('graphile_worker') is not null");
        if (rows.length > 0) await enqueueBonus(client, { userId });
        else
          context.output.note('No server has run on this database yet, so there is no starting balance: deposit one.');
      },
    },
  });
}

async function serviceKey(identity: Identity, publicId: string): Promise<string> {
  const made = await identity.createServiceKey({ userId: publicId.slice('usr_'.length), name: 'Made with the user' });
  if (!made.ok) throw refusal(made.problem);
  return made.value.key;
}

function refusal({
  code,
  detail,
  errors,
}: {
  code: string;
  detail: string;
  errors?: { pointer: string; detail: string }[];
}): CliFailure {
  if (code === 'registration_refused') return new CliFailure('failed', 'this e-mail address is taken');
  const fields = (errors ?? []).map((field) => `\n  ${field.pointer.slice(1)} ${field.detail}`).join('');
  return new CliFailure('usage', `${detail}${fields}`);
}

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
