import type { SessionView } from '@millrace/contract';
import type pg from 'pg';
import type { Caller } from '../../core/caller.ts';
import type { Clock } from '../../core/clock.ts';
import { formatId, isUuid, parseId, uuidv7 } from '../../core/ids.ts';
import { type Page, problem, type Result } from '../../core/result.ts';
import { type AuditOrigin, columnsOfOrigin } from './audit.ts';
import type { Authentication } from './authentication.ts';
import { hashToken, makeToken, tokenKind } from './credentials.ts';
import type { Queryable } from './rows.ts';
import type { IdentityParts, ListPage } from './types.ts';

const LIFETIME_MS = 7 * 24 * 3_600_000;

/** Open sessions of one user; the oldest end first. Far more than anybody's devices, and a bound on what logins leave. */
const SESSIONS_OF_USER_MAX = 1_000;

const INSERT = `
insert into sessions (token_hash, user_id, created_at, expires_at, id, address, user_agent)
values ($1, $2, $3, $4, $5, $6, $7)`;
const DELETE = 'delete from sessions where token_hash = $1 returning user_id';
const TRIM = `
delete from sessions where token_hash in (
  select token_hash from sessions where user_id = $1 order by created_at desc offset ${SESSIONS_OF_USER_MAX})
returning encode(token_hash, 'hex') as token_hash`;

export interface Sessions {
  open(
    queryable: Queryable,
    userId: string,
    from: AuditOrigin | undefined,
  ): Promise<{ token: string; expires_at: string }>;
  /** Ends a user's oldest sessions beyond the maximum. */
  trim(userId: string): Promise<void>;
  close(token: string): Promise<void>;
}

export function createSessions({
  pool,
  clock,
  authentication,
  endings,
  lifetimeMs = LIFETIME_MS,
}: {
  pool: pg.Pool;
  clock: Clock;
  authentication: Authentication;
  endings: Endings;
  lifetimeMs?: number | undefined;
}): Sessions {
  return {
    async open(queryable, userId, from) {
      const token = makeToken('session');
      const now = clock.now();
      const expiresAt = new Date(now + lifetimeMs);
      const hash = Buffer.from(hashToken(token), 'hex');
      await queryable.query(INSERT, [hash, userId, new Date(now), expiresAt, uuidv7(), ...columnsOfOrigin(from)]);
      return { token, expires_at: expiresAt.toISOString() };
    },
    async trim(userId) {
      const { rows } = await pool.query<{ token_hash: string }>(TRIM, [userId]);
      for (const row of rows) authentication.forget(row.token_hash);
      if (rows.length > 0) endings.tell(userId);
    },
    async close(token) {
      if (tokenKind(token) !== 'session') return;
      const hash = hashToken(token);
      const { rows } = await pool.query<{ user_id: string }>(DELETE, [Buffer.from(hash, 'hex')]);
      authentication.forget(hash);
      for (const row of rows) endings.tell(row.user_id);
    },
  };
}

const PAGE_SIZE = 50;
const PAGE_SIZE_MAX = 200;

const LIST = `
select id, created_at, expires_at, last_used_at, address, user_agent, token_hash = $4::bytea as current from sessions
where user_id = $1 and expires_at > $2 and ($3::uuid is null or id < $3) order by id desc limit $5`;
const END = `
delete from sessions where id = $1 and user_id = $2 returning encode(token_hash, 'hex') as token_hash`;
const END_ALL = 'delete from sessions where user_id = $1 and token_hash is distinct from $2::bytea';
const END_TICKETS = 'delete from tickets where user_id = $1 and origin_hash is distinct from $2::bytea';

interface SessionRow {
  id: string;
  created_at: Date;
  expires_at: Date;
  last_used_at: Date | null;
  address: string | null;
  user_agent: string | null;
  current: boolean;
}

/** Sessions that are open: their list, and their end. */
export interface OpenSessions {
  list(caller: Caller, token: string, page: ListPage): Promise<Result<Page<SessionView>>>;
  end(caller: Caller, sessionId: string): Promise<boolean>;
  endAll(caller: Caller): Promise<void>;
}

/** Ends a user's sessions, and tickets that they opened, but for the one with this token. Callers tell others after the commit. */
export async function endSessions(queryable: Queryable, userId: string, exceptToken?: string): Promise<void> {
  const kept = exceptToken === undefined ? null : Buffer.from(hashToken(exceptToken), 'hex');
  await queryable.query(END_ALL, [userId, kept]);
  await queryable.query(END_TICKETS, [userId, kept]);
}

export function createOpenSessions(
  { pool, clock }: IdentityParts,
  { authentication, endings }: { authentication: Authentication; endings: Endings },
): OpenSessions {
  return {
    async list({ userId }, token, { limit = PAGE_SIZE, cursor }) {
      const after = cursor === undefined ? null : parseId('session', cursor);
      if (after === undefined) return problem('invalid_cursor', 'The cursor does not belong to this list.');
      const size = Math.min(Math.max(1, Math.trunc(limit)), PAGE_SIZE_MAX);
      const own = Buffer.from(hashToken(token), 'hex');
      const { rows } = await pool.query<SessionRow>(LIST, [userId, new Date(clock.now()), after, own, size + 1]);
      const data = rows.slice(0, size).map(viewOf);
      const more = rows.length > size;
      return { ok: true, value: { data, has_more: more, next_cursor: more ? (data.at(-1)?.id ?? null) : null } };
    },
    async end({ userId }, sessionId) {
      if (!isUuid(sessionId)) return false;
      const { rows } = await pool.query<{ token_hash: string }>(END, [sessionId, userId]);
      for (const row of rows) authentication.forget(row.token_hash);
      if (rows.length > 0) endings.tell(userId);
      return rows.length > 0;
    },
    async endAll({ userId }) {
      await endSessions(pool, userId);
      authentication.forgetUser(userId);
      endings.tell(userId);
    },
  };
}

function viewOf({ id, created_at, expires_at, last_used_at, ...row }: SessionRow): SessionView {
  return {
    id: formatId('session', id),
    ...row,
    created_at: created_at.toISOString(),
    expires_at: expires_at.toISOString(),
    last_used_at: last_used_at?.toISOString() ?? null,
  };
}

/** Tells what is kept open for a user that the user's sessions or keys may have ended. */
export interface Endings {
  /** Bare UUID. */
  tell(userId: string): void;
  /** For as long as the process runs. */
  listen(listener: (userId: string) => void): void;
}

export function createEndings(): Endings {
  const listeners: ((userId: string) => void)[] = [];
  return {
    tell(userId) {
      for (const listener of listeners) listener(userId);
    },
    listen(listener) {
      listeners.push(listener);
    },
  };
}
