import type { SessionAnswer } from '@millrace/contract';
import { formatId } from '../../core/ids.ts';
import { problem, type Result } from '../../core/result.ts';
import type { AuditLog, AuditOrigin } from './audit.ts';
import { readEmail, readPassword } from './inputs.ts';
import type { KnownAddresses } from './known-addresses.ts';
import type { Limits, Refusal } from './limits.ts';
import { NOBODYS_HASH, type PasswordHasher } from './passwords.ts';
import { isDisabled, USER_COLUMNS, type UserRow, viewOfUser } from './rows.ts';
import type { Sessions } from './sessions.ts';
import type { IdentityParts } from './types.ts';

const FIND = `select ${USER_COLUMNS} from users where email_key = $1`;

export interface LoginDependencies extends IdentityParts {
  limits: Limits;
  audit: AuditLog;
  known: KnownAddresses;
  passwords: PasswordHasher;
  sessions: Sessions;
}

export type Login = (
  input: { email: string; password: string },
  context: AuditOrigin,
) => Promise<Result<SessionAnswer>>;

export function createLogin({
  pool,
  log,
  refuseDemoUsers,
  limits,
  audit,
  known,
  passwords,
  sessions,
}: LoginDependencies): Login {
  async function find(emailKey: string): Promise<UserRow | undefined> {
    const { rows } = await pool.query<UserRow>(FIND, [emailKey]);
    return rows[0];
  }

  return async (input, from) => {
    const { address } = from;
    const email = readEmail(input.email);
    const password = readPassword(input.password);
    const refused = (): Promise<Refusal | undefined> =>
      limits.loginRefusal(email?.key, address, async () => !!email && known.has(email.key, address));
    const limited = await refused();
    if (limited) return limited;
    const fail = async (user?: UserRow): Promise<Result<never>> => {
      limits.countLoginFailure(email?.key, address);
      log.debug({ address }, 'login failed');
      // What was typed goes nowhere where it is no address: it may be the password.
      const details = email === undefined ? {} : { details: { email: email.given } };
      const about = { ...details, from, ...(user && { subject: formatId('user', user.id), subjectUserId: user.id }) };
      await audit.recordGuess({ act: 'log_in', code: 'invalid_credentials', ...about }, refused);
      return problem('invalid_credentials', 'The e-mail address or the password is wrong.');
    };
    // What no account can have needs no work to refuse: that tells nothing about any account.
    if (!email || password === undefined) return fail();
    const user = await find(email.key);
    const usable = user && !isDisabled(user, refuseDemoUsers) ? user : undefined;
    const verified = await passwords.verify(usable?.password_hash ?? NOBODYS_HASH, password);
    if (!verified.ok) return verified;
    // Again, before the answer is told: of guesses sent at the same time no more are answered than one after another.
    const meanwhile = await refused();
    if (meanwhile) return meanwhile;
    if (!verified.value || !usable?.password_hash) return fail(user);
    const session = await sessions.open(pool, usable.id, from);
    await sessions.trim(usable.id);
    await known.note(usable.id, address);
    if (usable.role === 'operator') await audit.record({ act: 'log_in', actorId: usable.id, from });
    return { ok: true, value: { user: viewOfUser(usable), ...session } };
  };
}
