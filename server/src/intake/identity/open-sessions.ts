import type { SessionView } from '@millrace/contract';
import type { Caller } from '../../core/caller.ts';
import { formatId, isUuid, parseId } from '../../core/ids.ts';
import { type Page, problem, type Result } from '../../core/result.ts';
import type { Authentication } from './authentication.ts';
import type { Endings } from './endings.ts';
import type { Queryable } from './rows.ts';
import { hashToken } from './tokens.ts';
import type { IdentityParts, ListPage } from './types.ts';

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
