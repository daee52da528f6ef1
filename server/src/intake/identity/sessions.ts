import type pg from 'pg';
import { uuidv7 } from '../../core/ids.ts';
import type { Clock } from '../../core/clock.ts';
import { type AuditOrigin, columnsOfOrigin } from './audit.ts';
import type { Authentication } from './authentication.ts';
import type { Endings } from './endings.ts';
import type { Queryable } from './rows.ts';
import { hashToken, makeToken, tokenKind } from './tokens.ts';

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
