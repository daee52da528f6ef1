import type { ChangePasswordBody, ResetLink, ResetPasswordBody } from '@millrace/contract';
import { type Caller, seesAll } from '../../core/caller.ts';
import { formatId, isUuid } from '../../core/ids.ts';
import { problem, type Result } from '../../core/result.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { AuditLog, AuditOrigin } from './audit.ts';
import type { Authentication } from './authentication.ts';
import { hashToken, makeToken, tokenKind } from './credentials.ts';
import { faultOfPassword, readEmail, readPassword } from './inputs.ts';
import type { Limits, Refusal } from './limits.ts';
import type { PasswordHasher } from './passwords.ts';
import { isDisabled, USER_COLUMNS, type UserRow } from './rows.ts';
import { type Endings, endSessions } from './sessions.ts';
import type { IdentityParts } from './types.ts';
import { LOCAL_OPERATOR_EMAIL } from './users.ts';

/** Long enough to be handed over by hand, too short to lie in a mailbox. */
const LINK_LIFETIME_MS = 24 * 3_600_000;

const FIND = `select ${USER_COLUMNS} from users where id = $1`;
// The old hash guards against a second change at the same time.
const SET = 'update users set password_hash = $2 where id = $1 and password_hash is not distinct from $3';
const END_LINK = 'delete from password_resets where user_id = $1';
const MAKE_LINK = `
insert into password_resets (user_id, token_hash, created_by, created_at, expires_at) values ($1, $2, $3, $4, $5)
on conflict (user_id) do update set token_hash = excluded.token_hash, created_by = excluded.created_by,
  created_at = excluded.created_at, expires_at = excluded.expires_at`;
const OF_LINK = `
select ${USER_COLUMNS} from users
where id = (select user_id from password_resets where token_hash = $1 and expires_at > $2)`;
const USE_LINK = 'delete from password_resets where token_hash = $1 and expires_at > $2';

export interface PasswordChange {
  change(caller: Caller, token: string, input: ChangePasswordBody, from: AuditOrigin): Promise<Result<undefined>>;
  createLink(by: Caller | undefined, userId: string): Promise<Result<ResetLink>>;
  reset(input: ResetPasswordBody, from: AuditOrigin): Promise<Result<undefined>>;
}

export interface PasswordChangeDependencies extends IdentityParts {
  limits: Limits;
  passwords: PasswordHasher;
  audit: AuditLog;
  authentication: Authentication;
  endings: Endings;
}

export function createPasswordChange(parts: PasswordChangeDependencies): PasswordChange {
  const { pool, clock, passwords, audit } = parts;

  async function find(userId: string): Promise<UserRow | undefined> {
    if (!isUuid(userId)) return undefined;
    const { rows } = await pool.query<UserRow>(FIND, [userId]);
    return rows[0];
  }

  /** Reads a new password for this user and hashes it. */
  async function hashed(user: UserRow, text: string): Promise<Result<string>> {
    const password = readPassword(text);
    const detail = faultOfPassword(password, user);
    if (password === undefined || detail !== undefined) {
      const errors = [{ pointer: '/new_password', detail: detail ?? 'is not valid' }];
      return problem('invalid_request', 'The new password cannot be accepted.', { errors });
    }
    return passwords.hash(password);
  }

  /** In one commit: the password, and the end of what the old one opened. False: another change was faster. */
  async function put(user: UserRow, hash: string, { link, keep }: { link?: Buffer; keep?: string }): Promise<boolean> {
    const done = await inTransaction(pool, async (client) => {
      if (link && (await client.query(USE_LINK, [link, new Date(clock.now())])).rowCount !== 1) return false;
      if ((await client.query(SET, [user.id, hash, user.password_hash])).rowCount !== 1) return false;
      await client.query(END_LINK, [user.id]);
      await endSessions(client, user.id, keep);
      return true;
    });
    if (!done) return false;
    parts.authentication.forgetUser(user.id);
    parts.endings.tell(user.id);
    return true;
  }

  return {
    async change(caller, token, input, from) {
      const user = await find(caller.userId);
      if (!user?.password_hash) return problem('forbidden', 'This user has no password.');
      if (user.demo) return problem('forbidden', 'The logins of a demonstration are shared: their passwords stay.');
      const current = await checkCurrent(parts, user, input.current_password, from);
      if (!current.ok) return current;
      const hash = await hashed(user, input.new_password);
      if (!hash.ok) return hash;
      const done = await put(user, hash.value, { keep: token });
      return done ? DONE : problem('wrong_password', 'The password was changed meanwhile.');
    },

    async createLink(by, userId) {
      if (by && !seesAll(by)) return problem('forbidden', 'Only operators make links to a new password.');
      const user = await find(userId);
      if (!user) return problem('not_found', 'There is no such user.');
      if (user.role === 'service') return problem('forbidden', 'A service has keys and no password.');
      if (user.email === LOCAL_OPERATOR_EMAIL) return problem('forbidden', 'Millrace itself works as this user.');
      const token = makeToken('reset');
      const now = clock.now();
      const expiresAt = new Date(now + LINK_LIFETIME_MS);
      await pool.query(MAKE_LINK, [userId, hashOf(token), by?.userId ?? null, new Date(now), expiresAt]);
      return { ok: true, value: { path: `/reset-password#${token}`, expires_at: expiresAt.toISOString() } };
    },

    async reset(input, from) {
      const invalid = problem('reset_link_invalid', 'The link was used, has expired, or was replaced by a newer one.');
      if (tokenKind(input.token) !== 'reset') return invalid;
      const link = hashOf(input.token);
      const { rows } = await pool.query<UserRow>(OF_LINK, [link, new Date(clock.now())]);
      const [user] = rows;
      if (!user || isDisabled(user, parts.refuseDemoUsers)) return invalid;
      const hash = await hashed(user, input.new_password);
      if (!hash.ok) return hash;
      if (!(await put(user, hash.value, { link }))) return invalid;
      await audit.record({ act: 'reset_password', ...actOf(user, from) });
      return DONE;
    },
  };
}

const DONE: { ok: true; value: undefined } = { ok: true, value: undefined };
const hashOf = (token: string): Buffer => Buffer.from(hashToken(token), 'hex');

/** An act of a user on their own account. */
function actOf({ id }: UserRow, from: AuditOrigin) {
  return { actorId: id, subject: formatId('user', id), subjectUserId: id, from };
}

/** Whether this is the user's password now. Wrong ones are guesses like those at a log-in: they lock, and are in the audit log. */
async function checkCurrent(
  { limits, passwords, audit }: PasswordChangeDependencies,
  user: UserRow,
  text: string,
  from: AuditOrigin,
): Promise<Result<undefined>> {
  const email = readEmail(user.email)?.key;
  // A caller with a session is at home; the guesses from this address are what counts.
  const refused = (): Promise<Refusal | undefined> => limits.loginRefusal(email, from.address, async () => true);
  const limited = await refused();
  if (limited) return limited;
  const current = readPassword(text);
  const right = current === undefined ? undefined : await passwords.verify(user.password_hash as string, current);
  if (right && !right.ok) return right;
  if (right?.value) return DONE;
  limits.countLoginFailure(email, from.address);
  const guess = { act: 'changePassword', code: 'wrong_password', ...actOf(user, from) };
  // What an operator calls is in the audit log as that call.
  await (user.role === 'operator' ? audit.recordLock(guess, refused) : audit.recordGuess(guess, refused));
  return problem('wrong_password', 'The current password is wrong.');
}
