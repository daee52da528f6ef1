import type pg from 'pg';
import { type Caller, seesAll } from '../core/caller.ts';
import { formatId } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { type Names, withNames } from './names.ts';
import {
  cursorOf,
  microsOf,
  PAGE_SIZE_MAX,
  pageOf,
  readCursor,
  readMicros,
  readUuid,
  timeOfMicros,
} from '../core/list-cursor.ts';
import { type Page, problem, type Result } from '../core/result.ts';

/** A command that failed technically, for operators. */
export interface DeadLetterView {
  /** `dl_…` */
  id: string;
  order_id: string;
  kind: string;
  error: string;
  created_at: string;
  /** null: still waits for an operator. */
  retried_at: string | null;
  /** Whose command; null for one of Millrace itself. */
  user_id: string | null;
  params: JsonObject;
  names: Names;
  /** It says what cannot be true beside the books: a retry does nothing but close it. */
  contradiction: boolean;
  /** How the order stands since the retry; null before it. `unchanged`: nothing was done. */
  outcome: { status: string; reason: string | null } | null;
}

export interface DeadLetterQueries {
  /**
   * Dead letters, newest first, those that were retried too.
   *
   * @returns or one of the problems forbidden (the caller may not operate), invalid_cursor.
   */
  list(caller: Caller, options: { limit: number; cursor?: string | undefined }): Promise<Result<Page<DeadLetterView>>>;
}

const LIST = 'dead-letters';

const PAGE = `
select d.id, d.order_id, d.kind, d.error, d.created_at, d.retried_at, ${microsOf('d.created_at')} as micros,
  d.command ->> 'userId' as user_id, d.command -> 'params' as params,
  d.command ->> 'contradiction' is not null as contradiction, o.status, o.reason
from dead_letters d left join orders o on o.id = d.order_id
where $1::bigint is null or (d.created_at, d.id) < (${timeOfMicros('$1')}, $2::uuid)
order by d.created_at desc, d.id desc limit $3::integer`;

interface Row {
  id: string;
  order_id: string;
  kind: string;
  error: string;
  created_at: Date;
  retried_at: Date | null;
  user_id: string | null;
  params: JsonObject | null;
  contradiction: boolean;
  status: string | null;
  reason: string | null;
  micros: bigint;
}

export function createDeadLetterQueries({ pool }: { pool: pg.Pool }): DeadLetterQueries {
  return {
    async list(caller, options) {
      if (!seesAll(caller)) return problem('forbidden', 'Dead letters are for operators.');
      const after = readCursor(LIST, options.cursor, [readMicros, readUuid]);
      if (!after.ok) return after;
      const limit = Math.min(options.limit, PAGE_SIZE_MAX);
      const { rows } = await pool.query<Row>(PAGE, [...after.value, limit + 1]);
      const cursor = ({ micros, id }: Row): string => cursorOf(LIST, String(micros), id);
      const page = pageOf(rows, limit, { view: toView, cursor });
      const data = await withNames(pool, page.data, ({ user_id, params }) => [user_id, ...Object.values(params)]);
      return { ok: true, value: { ...page, data } };
    },
  };
}

function toView(row: Row): Omit<DeadLetterView, 'names'> {
  return {
    id: formatId('deadLetter', row.id),
    order_id: formatId('order', row.order_id),
    kind: row.kind,
    error: row.error,
    created_at: row.created_at.toISOString(),
    retried_at: row.retried_at && row.retried_at.toISOString(),
    user_id: row.user_id && formatId('user', row.user_id),
    params: row.params ?? {},
    contradiction: row.contradiction,
    outcome: row.retried_at && outcomeOf(row),
  };
}

function outcomeOf({ contradiction, status, reason }: Row): DeadLetterView['outcome'] {
  if (contradiction) return { status: 'unchanged', reason: null };
  return status === null ? null : { status, reason };
}
