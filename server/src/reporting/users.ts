import { USER_ACCOUNTS_MAX, type UserDetailView, type UserEntryView } from '@millrace/contract';
import { searchTerm } from '@millrace/contract/search-text';
import type pg from 'pg';
import type { Clock } from '../core/clock.ts';
import { formatId } from '../core/ids.ts';
import { ofUsers } from '../ledger/index.ts';
import { LOCAL_OPERATOR_EMAIL } from '../intake/identity/index.ts';
import { ACCOUNT_COLUMNS, type AccountRow, toAccountView } from './accounts.ts';
import { parseIdSearch } from './id-search.ts';
import { cursorOf, PAGE_SIZE_MAX, readCursor, readUuid } from '../core/list-cursor.ts';
import type { Page, Result } from '../core/result.ts';

/**
 * How many users one page of a search looks at, newest first. There is no index of parts of words: this many take
 * 0.2 s, measured among a million, and where there are more, the next page looks further.
 */
export const TEXT_SCAN_MAX = 100_000;

export interface UserListOptions {
  /** A part of the e-mail address or the name, or (the beginning of) an id; at most 100 characters. */
  search?: string | undefined;
  role?: UserEntryView['role'] | undefined;
  /** 1 to 200. */
  limit: number;
  cursor?: string | undefined;
}

/** For operators: its callers have asked whether the reader is one. */
export interface UserQueries {
  /** Newest first. Error: `invalid_cursor`. */
  list(options: UserListOptions): Promise<Result<Page<UserEntryView>>>;
  get(userId: string): Promise<UserDetailView | undefined>;
}

const COLUMNS = 'u.id, u.email, u.name, u.role, u.demo, u.created_at, u.disabled_at';

/** Users match the text `$n` (made by `searchTerm`). `strpos` knows no wildcards. */
export const matchesUser = (text: string, table: 'u' | 's' = 'u'): string => `strpos(${table}.search_key, ${text}) > 0`;

const PAGE = `
select ${COLUMNS}
from (select * from users where ($1::uuid is null or id < $1::uuid) order by id desc limit $2::integer) as u
where ($3::text is null or u.role = $3::text) and ($4::text is null or ${matchesUser('$4::text')})
order by u.id desc limit $5::integer`;

/** The last user that one page may look at; none where it looks at all that are left. */
const SCAN_END = `
select id from users where ($1::uuid is null or id < $1::uuid) order by id desc offset $2::integer - 1 limit 1`;

const BY_ID = `
select ${COLUMNS} from users u
where u.id >= $1::uuid and u.id <= $2::uuid and ($3::uuid is null or u.id < $3::uuid) and ($4::text is null or u.role = $4::text)
order by u.id desc limit $5::integer`;

const GET = `
select ${COLUMNS}, u.disabled_by, u.created_by, u.email_key = $2::text as is_protected,
  (select count(*)::integer from sessions s where s.user_id = u.id and s.expires_at > $3::timestamptz) as sessions,
  (select count(*)::integer from api_keys k where k.user_id = u.id) as keys
from users u where u.id = $1::uuid`;

const ACCOUNTS = `
select ${ACCOUNT_COLUMNS} from accounts a join assets s on s.code = a.asset
where a.owner_id = $1::uuid and ${ofUsers('a')} order by a.purpose, a.asset limit ${USER_ACCOUNTS_MAX + 1}`;

interface Row {
  id: string;
  email: string;
  name: string;
  role: UserEntryView['role'];
  demo: boolean;
  created_at: Date;
  disabled_at: Date | null;
}

interface DetailRow extends Row {
  disabled_by: string | null;
  created_by: string | null;
  is_protected: boolean;
  sessions: number;
  keys: number;
}

const LIST = 'users';

export function createUserQueries({ pool, clock }: { pool: pg.Pool; clock: Clock }): UserQueries {
  return {
    async list(options) {
      const after = readCursor(LIST, options.cursor, [readUuid]);
      return after.ok ? { ok: true, value: await readPage(pool, after.value[0], options) } : after;
    },
    async get(userId) {
      const [users, accounts] = await Promise.all([
        pool.query<DetailRow>(GET, [userId, LOCAL_OPERATOR_EMAIL, new Date(clock.now())]),
        pool.query<AccountRow>(ACCOUNTS, [userId]),
      ]);
      const row = users.rows[0];
      if (!row) return undefined;
      return {
        ...toEntry(row),
        disabled_by: row.disabled_by && formatId('user', row.disabled_by),
        created_by: row.created_by && formatId('user', row.created_by),
        is_protected: row.is_protected,
        sessions: row.sessions,
        keys: row.keys,
        accounts: accounts.rows.slice(0, USER_ACCOUNTS_MAX).map(toAccountView),
        more_accounts: accounts.rows.length > USER_ACCOUNTS_MAX,
      };
    },
  };
}

/** `after`: null from the newest on. */
async function readPage(pool: pg.Pool, after: string | null, options: UserListOptions): Promise<Page<UserEntryView>> {
  const { search, role = null } = options;
  const limit = Math.min(options.limit, PAGE_SIZE_MAX);
  const id = search === undefined ? undefined : parseIdSearch(search);
  if (id && (id.prefix ?? 'usr') === 'usr') {
    const { rows } = await pool.query<Row>(BY_ID, [id.from, id.to, after, role, limit + 1]);
    if (rows.length > 0 || id.prefix) return pageOf(rows, limit, undefined);
  }
  const text = search === undefined ? null : searchTerm(search);
  const isFiltered = text !== null || role !== null;
  const scanSize = isFiltered ? TEXT_SCAN_MAX : limit + 1;
  const { rows } = await pool.query<Row>(PAGE, [after, scanSize, role, text, limit + 1]);
  if (rows.length > limit || !isFiltered) return pageOf(rows, limit, undefined);
  const end = await pool.query<{ id: string }>(SCAN_END, [after, scanSize]);
  return pageOf(rows, limit, end.rows[0]?.id);
}

/** `scanEnd`: where the looking ended before the end. */
function pageOf(rows: readonly Row[], limit: number, scanEnd: string | undefined): Page<UserEntryView> {
  const last = rows.length > limit ? rows[limit - 1]?.id : scanEnd;
  const next = last === undefined ? null : cursorOf(LIST, last);
  return { data: rows.slice(0, limit).map(toEntry), has_more: next !== null, next_cursor: next };
}

function toEntry(row: Row): UserEntryView {
  return {
    id: formatId('user', row.id),
    email: row.email,
    name: row.name,
    role: row.role,
    demo: row.demo,
    created_at: row.created_at.toISOString(),
    disabled_at: row.disabled_at && row.disabled_at.toISOString(),
  };
}
