import type { MerchantRegistration, MerchantUpdate, MerchantView } from '@millrace/contract';
import { readableText } from '@millrace/contract/text';
import { searchTerm } from '@millrace/contract/search-text';
import type pg from 'pg';
import { type Clock, isoTime } from '../../core/clock.ts';
import { formatId, parseId } from '../../core/ids.ts';
import { type Page, problem, type Result } from '../../core/result.ts';
import { pageOfTable, readRow, receives } from '../kit/index.ts';
import { ownerOfMerchant } from './names.ts';
import { type MerchantRow, merchants } from './rows.ts';

export interface MerchantListOptions {
  /** A part of the handle or the name, in either case. */
  search?: string | undefined;
  /** 1 to 200. */
  limit: number;
  cursor?: string | undefined;
}

/** Who can be paid under a handle. `seesAll`: an operator reads, who sees owners and disabled merchants too. */
export interface Merchants {
  /** By handle. Error: `invalid_cursor`. */
  list(options: MerchantListOptions, reader: { seesAll: boolean }): Promise<Result<Page<MerchantView>>>;
  get(handle: string, reader: { seesAll: boolean }): Promise<MerchantView | undefined>;
  /** Errors: `invalid_request` (the name shows nothing, the owner cannot receive), `merchant_exists`. */
  register(input: MerchantRegistration): Promise<Result<MerchantView>>;
  /** Errors: `invalid_request`, `not_found`. */
  update(handle: string, change: MerchantUpdate): Promise<Result<MerchantView>>;
}

const COLUMNS = merchants.columnsOf('m');
// Operators register each: there are few enough for a search without an index.
const LIST = pageOfTable(merchants, {
  list: 'merchants',
  by: ['handle'],
  direction: 'asc',
  where: `($1::boolean or t.disabled_at is null)
  and ($2::text is null or strpos(t.handle, $2) > 0 or strpos(search_key(t.name), $2) > 0)`,
});
const INSERT = `
insert into merchants as m (handle, name, owner_id, created_at) values ($1, $2, $3::uuid, $4)
on conflict (handle) do nothing returning ${COLUMNS}`;
// When it was disabled first is kept, when it is done again.
const UPDATE = `
update merchants m set name = coalesce($2, m.name),
  disabled_at = case when $3::boolean is null then m.disabled_at when $3 then coalesce(m.disabled_at, $4::timestamptz) end
where m.handle = $1 returning ${COLUMNS}`;
const IS_RECEIVER = `select from users u where u.id = $1::uuid and ${receives('u')}`;

export function createMerchants({ pool, clock }: { pool: pg.Pool; clock: Clock }): Merchants {
  return {
    list({ search, limit, cursor }, { seesAll }) {
      const text = search === undefined ? null : searchTerm(search);
      return LIST(pool, { limit, cursor }, { values: [seesAll, text], view: (row) => viewOf(row, seesAll) });
    },
    async get(handle, { seesAll }) {
      const merchant = await readRow(pool, merchants, handle);
      return merchant && viewOf(merchant, seesAll);
    },
    async register({ handle, name: typed, owner }) {
      const name = readableText(typed);
      if (name === undefined) return nothingToSee();
      const ownerId = owner === undefined ? null : (parseId('user', owner) ?? null);
      if (ownerId !== null && (await pool.query(IS_RECEIVER, [ownerId])).rowCount === 0)
        return invalid('/owner', 'must be a user who can receive money');
      const { rows } = await pool.query<object>(INSERT, [handle, name, ownerId, new Date(clock.now())]);
      if (!rows[0]) return problem('merchant_exists', `A merchant ${handle} is registered already.`);
      return { ok: true, value: viewOf(merchants.rowOf(rows[0]), true) };
    },
    async update(handle, { name: typed, disabled }) {
      const name = typed === undefined ? null : readableText(typed);
      if (name === undefined) return nothingToSee();
      const { rows } = await pool.query<object>(UPDATE, [handle, name, disabled ?? null, new Date(clock.now())]);
      if (!rows[0]) return problem('not_found', 'There is no such merchant.');
      return { ok: true, value: viewOf(merchants.rowOf(rows[0]), true) };
    },
  };
}

const nothingToSee = (): Result<never> => invalid('/name', 'must hold something that a reader sees');

function invalid(pointer: string, detail: string): Result<never> {
  return problem('invalid_request', `${pointer.slice(1)} ${detail}`, { errors: [{ pointer, detail }] });
}

function viewOf({ handle, name, ownerId, createdAt, disabledAt }: MerchantRow, seesAll: boolean): MerchantView {
  return {
    id: formatId('merchant', ownerOfMerchant(handle)),
    handle,
    name,
    owner: seesAll && ownerId !== null ? formatId('user', ownerId) : null,
    created_at: isoTime(createdAt),
    disabled_at: disabledAt === null ? null : isoTime(disabledAt),
  };
}
