import type { AuditEntryView, AuditQuery } from '@millrace/contract';
import { searchTerm } from '@millrace/contract/search-text';
import type pg from 'pg';
import { formatId, parseId } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import type { Page, Result } from '../core/result.ts';
import { cursorOf, PAGE_SIZE_MAX, readCursor, readUuid, SCAN_SIZE_MAX } from '../core/list-cursor.ts';
import { withNames } from './names.ts';
import { periodOf } from './period.ts';
import { matchesUser } from './users.ts';

export type AuditListOptions = Omit<AuditQuery, 'limit'> & { limit: number };

/** For operators: its callers have asked whether the reader is one. */
export interface AuditQueries {
  /** Newest first. Errors: `invalid_request`, `invalid_cursor`. */
  list(options: AuditListOptions): Promise<Result<Page<AuditEntryView>>>;
}

const LIST = 'audit-log';

/** A page looks at the newest entries behind the cursor, a bounded number of them; `u` and `s` are who did it, and about whom. */
const PAGE = `
select a.*, u.email, u.name, s.email as subject_email, s.name as subject_name
from (select * from audit_log where ($1::uuid is null or id < $1::uuid) order by id desc limit $2::integer) as a
left join users u on u.id = a.actor_id left join users s on s.id = a.subject_user_id
where ($3::text is null or a.act = $3::text) and ($4::text is null or a.outcome = $4::text)
and ($5::uuid is null or a.actor_id = $5::uuid or a.subject_user_id = $5::uuid)
and ($6::timestamptz is null or a.at >= $6::timestamptz) and ($7::timestamptz is null or a.at < $7::timestamptz)
and ($8::text is null or a.address = $8::text or a.subject = $8::text or strpos(search_key(a.details ->> 'email'), $8::text) > 0
  or ${matchesUser('$8::text')} or ${matchesUser('$8::text', 's')})
order by a.id desc limit $9::integer`;

/** The last entry that one page may look at; none where it looks at all that are left. */
const SCAN_END = `
select id from audit_log where ($1::uuid is null or id < $1::uuid) order by id desc offset $2::integer - 1 limit 1`;

interface Row {
  id: string;
  at: Date;
  act: string;
  actor_id: string | null;
  email: string | null;
  name: string | null;
  credential: string | null;
  subject: string | null;
  subject_user_id: string | null;
  subject_email: string | null;
  subject_name: string | null;
  outcome: AuditEntryView['outcome'];
  code: string | null;
  address: string | null;
  user_agent: string | null;
  details: JsonObject | null;
}

export function createAuditQueries({ pool }: { pool: pg.Pool }): AuditQueries {
  return {
    async list({ cursor, act, outcome, user_id, from, to, search, ...options }) {
      const read = readCursor(LIST, cursor, [readUuid]);
      if (!read.ok) return read;
      const [after] = read.value;
      const limit = Math.min(options.limit, PAGE_SIZE_MAX);
      const userId = user_id === undefined ? null : (parseId('user', user_id) ?? null);
      const text = search === undefined ? null : searchTerm(search);
      const period = periodOf({ from, to });
      if (!period.ok) return period;
      const filters = [act ?? null, outcome ?? null, userId, period.value.from, period.value.to, text];
      const scanSize = filters.every((filter) => filter === null) ? limit + 1 : SCAN_SIZE_MAX;
      const { rows } = await pool.query<Row>(PAGE, [after, scanSize, ...filters, limit + 1]);
      if (rows.length > limit)
        return { ok: true, value: await pageOf(pool, rows.slice(0, limit), rows[limit - 1]?.id) };
      const end = await pool.query<{ id: string }>(SCAN_END, [after, scanSize]);
      return { ok: true, value: await pageOf(pool, rows, end.rows[0]?.id) };
    },
  };
}

/** `last`: the entry behind which the next page begins; undefined where there is none. */
async function pageOf(pool: pg.Pool, rows: readonly Row[], last: string | undefined): Promise<Page<AuditEntryView>> {
  const next = last === undefined ? null : cursorOf(LIST, last);
  const data = await withNames(pool, rows.map(toView), ({ subject }) => [subject]);
  return { data, has_more: next !== null, next_cursor: next };
}

function toView(row: Row): Omit<AuditEntryView, 'names'> {
  return {
    id: `aud_${row.id}`,
    at: row.at.toISOString(),
    act: row.act,
    outcome: row.outcome,
    code: row.code,
    actor: personOf(row.actor_id, row.email, row.name),
    credential: row.credential,
    subject: row.subject,
    user: personOf(row.subject_user_id, row.subject_email, row.subject_name),
    address: row.address,
    user_agent: row.user_agent,
    details: row.details,
  };
}

function personOf(id: string | null, email: string | null, name: string | null): AuditEntryView['actor'] {
  return id === null || email === null ? null : { id: formatId('user', id), email, name: name ?? '' };
}
