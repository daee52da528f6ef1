import { type LedgerAccountView, OWNERS_WITH_ID, type TrialBalanceView } from '@millrace/contract';
import type pg from 'pg';
import { INSTALLATION, purposesOf, wholeAccountId } from '../ledger/index.ts';
import { ACCOUNT_COLUMNS, type AccountRow, toAccountView } from './accounts.ts';
import {
  cursorOf,
  invalidCursor,
  PAGE_SIZE_MAX,
  readCursor,
  readMatching,
  readUuid,
  SCAN_SIZE_MAX,
} from '../core/list-cursor.ts';
import { type Page, problem, type Result } from '../core/result.ts';
import { createCachedAnswers, type CachedAnswers } from './cached-answers.ts';
import { thingOfAsset, withNames } from './names.ts';
import { type Owner, ownerName, parseOwner } from './owner-names.ts';
import { readTrialBalance } from './trial-balance.ts';

export interface LedgerAccountOptions {
  /** `usr_…`, `loan_…`, `merchant_…` or `installation`. */
  owner?: string | undefined;
  asset?: string | undefined;
  purpose?: string | undefined;
  /** Default `owner`. `balance`: the greatest first, at most 200, and at most 10 s old; needs `asset`. */
  sort?: 'owner' | 'balance' | undefined;
  /** 1 to 200. */
  limit: number;
  cursor?: string | undefined;
}

/** For operators: its callers have asked whether the reader is one. */
export interface LedgerQueries {
  /** At most 10 s old. Error: `overloaded`. */
  trialBalance(asset?: string): Promise<Result<TrialBalanceView>>;
  /** Errors: `invalid_request`, `invalid_cursor`, `overloaded`. */
  accounts(options: LedgerAccountOptions): Promise<Result<Page<LedgerAccountView>>>;
  account(accountId: string): Promise<LedgerAccountView | undefined>;
}

const COLUMNS = `${ACCOUNT_COLUMNS}, a.owner_id, a.created_at`;

const ASSETS = 'join assets s on s.code = a.asset';

const KEY = '(owner_id, purpose, asset)';
const SCANNED = `
select * from whole_accounts
where ($1::uuid is null or ${KEY} > ($1::uuid, $2::text, $3::text)) and ($4::uuid is null or owner_id = $4::uuid and purpose = any($5::text[]))
order by owner_id, purpose, asset`;

const PAGE = `
select ${COLUMNS} from (${SCANNED} limit $8::integer) as a ${ASSETS}
where ($6::text is null or a.asset = $6::text) and ($7::text is null or a.purpose = $7::text)
order by a.owner_id, a.purpose, a.asset limit $9::integer`;

/** The last account that one page may look at; none where it looks at all that are left. */
const SCAN_END = `select owner_id, purpose, asset from (${SCANNED} offset $6::integer - 1 limit 1) as a`;

/** Reads every account: 0.2 s with a million. */
const GREATEST = `
select ${COLUMNS} from whole_accounts a ${ASSETS}
where a.asset = $1::text and ($2::text is null or a.purpose = $2::text) and ($3::uuid is null or a.owner_id = $3::uuid and a.purpose = any($4::text[]))
order by a.balance desc, a.id limit ${PAGE_SIZE_MAX}`;

const ONE = `select ${COLUMNS} from whole_accounts a ${ASSETS} where a.id = ${wholeAccountId('$1')}`;

type Row = AccountRow & { owner_id: string; created_at: Date };
type Place = Pick<Row, 'owner_id' | 'purpose' | 'asset'>;

const OWNERS = `${OWNERS_WITH_ID.map((kind) => `a ${kind}`).join(', ')} or ${INSTALLATION}`;
const LIST = 'ledger';
const readWord = readMatching(/[!-~]{1,64}/);
/** Owner, purpose and asset behind which a page begins; nulls: at the beginning. */
type After = readonly (string | null)[];

export function createLedgerQueries({ pool }: { pool: pg.Pool }): LedgerQueries {
  const balances = createCachedAnswers<TrialBalanceView>();
  const greatest = createCachedAnswers<LedgerAccountView[]>();
  return {
    async trialBalance(asset) {
      const answer = await balances.get(asset ?? '', () => readTrialBalance(pool, asset ?? null));
      return answer ? { ok: true, value: answer } : overloaded();
    },
    async accounts(options) {
      const owner = options.owner === undefined ? null : parseOwner(options.owner);
      if (owner === undefined) return invalid('owner', `must be ${OWNERS}`);
      if (options.sort === 'balance') return readGreatest(pool, greatest, owner, options);
      const after = readCursor(LIST, options.cursor, [readUuid, readWord, readWord]);
      return after.ok ? readPage(pool, after.value, owner, options) : after;
    },
    async account(accountId) {
      const { rows } = await pool.query<Row>(ONE, [accountId]);
      return (await named(pool, rows))[0];
    },
  };
}

async function readGreatest(
  pool: pg.Pool,
  kept: CachedAnswers<LedgerAccountView[]>,
  owner: Owner | null,
  { asset, purpose, limit, cursor }: LedgerAccountOptions,
): Promise<Result<Page<LedgerAccountView>>> {
  // Amounts of different assets cannot be compared.
  if (asset === undefined) return invalid('asset', 'is needed to sort by balance');
  if (cursor !== undefined) return invalidCursor();
  const all = await kept.get(`${asset} ${purpose ?? ''} ${owner ? `${owner.kind} ${owner.id}` : ''}`, async () => {
    const { rows } = await pool.query<Row>(GREATEST, [asset, purpose ?? null, ...parametersOf(owner)]);
    return named(pool, rows);
  });
  return all ? { ok: true, value: { data: all.slice(0, limit), has_more: false, next_cursor: null } } : overloaded();
}

async function readPage(
  pool: pg.Pool,
  after: After,
  owner: Owner | null,
  options: LedgerAccountOptions,
): Promise<Result<Page<LedgerAccountView>>> {
  const { asset = null, purpose = null } = options;
  const limit = Math.min(options.limit, PAGE_SIZE_MAX);
  const isFiltered = asset !== null || purpose !== null;
  const scanSize = isFiltered ? SCAN_SIZE_MAX : limit + 1;
  const start = [...after, ...parametersOf(owner)];
  const { rows } = await pool.query<Row>(PAGE, [...start, asset, purpose, scanSize, limit + 1]);
  const data = rows.slice(0, limit);
  let last: Place | undefined = rows.length > limit ? data.at(-1) : undefined;
  if (!last && isFiltered) last = (await pool.query<Place>(SCAN_END, [...start, scanSize])).rows[0];
  const nextCursor = last ? cursorOf(LIST, last.owner_id, last.purpose, last.asset) : null;
  return { ok: true, value: { data: await named(pool, data), has_more: nextCursor !== null, next_cursor: nextCursor } };
}

/** Their id, and the purposes of their kind: other kinds of owners may have the same id. */
function parametersOf(owner: Owner | null): [id: string | null, purposes: readonly string[] | null] {
  return owner ? [owner.id, purposesOf(owner.kind)] : [null, null];
}

function invalid(field: string, detail: string): Result<never> {
  return problem('invalid_request', 'The query is not valid.', { errors: [{ pointer: `/${field}`, detail }] });
}

function overloaded(): Result<never> {
  return problem('overloaded', 'Too many other sums are being computed.', { retryAfterSeconds: 1 });
}

function named(pool: pg.Pool, rows: readonly Row[]): Promise<LedgerAccountView[]> {
  return withNames(pool, rows.map(toView), ({ owner, asset }) => [owner, thingOfAsset(asset)]);
}

function toView(row: Row): Omit<LedgerAccountView, 'names'> {
  return {
    ...toAccountView(row),
    owner: ownerName(row.owner_id, row.purpose),
    created_at: row.created_at.toISOString(),
  };
}
