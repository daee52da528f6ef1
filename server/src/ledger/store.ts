import type { Purpose } from '@millrace/contract';
import {
  bigintArray,
  booleanArray,
  integerArray,
  plainArray,
  numericArray,
  textArray,
  timestampArray,
  uuidArray,
} from '../db/arrays.ts';
import type { Transaction } from '../db/transaction.ts';
import { type AccountKey, accountKey, mayBeNegative } from './accounts.ts';
import type { AccountRows } from './system-accounts.ts';
import { type AccountState, type HoldRow, LedgerWorkingSet, type TransferRow } from './working-set.ts';

type Reader = Pick<Transaction, 'forUpdate' | 'select'>;
type Sink = Pick<Transaction, 'write'>;

const LOCK_HOLDS = {
  name: 'ledger_lock_holds',
  text: `select h.id, h.order_id, h.amount, h.captured, h.released, a.owner_id, a.purpose, a.asset
from holds h join accounts a on a.id = h.account_id where h.id = any($1::uuid[]) order by h.id`,
};
const LOCK_ACCOUNTS = {
  name: 'ledger_lock_accounts',
  text: 'select id, balance, held from accounts where id = any($1::uuid[]) order by id',
};
const INSERT_ACCOUNTS = {
  name: 'ledger_insert_accounts',
  text: `insert into accounts (id, owner_id, purpose, asset, may_be_negative, balance, held, created_at)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::boolean[], $6::numeric[], $7::numeric[], $8::timestamptz[])`,
};
/** Part 0 of accounts that are there as soon as any part is. */
const INSERT_WHOLE_ACCOUNTS = {
  name: 'ledger_insert_whole_accounts',
  text: `insert into accounts (id, owner_id, purpose, asset, may_be_negative, balance, held, created_at)
select v.id, v.owner_id, v.purpose, v.asset, v.may_be_negative, 0, 0, $6::timestamptz
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::boolean[]) as v (id, owner_id, purpose, asset, may_be_negative)
order by v.id on conflict do nothing`,
};
const UPDATE_ACCOUNTS = {
  name: 'ledger_update_accounts',
  text: `update accounts a set balance = v.balance, held = v.held
from unnest($1::uuid[], $2::numeric[], $3::numeric[]) as v (id, balance, held) where a.id = v.id`,
};
const INSERT_TRANSFERS = {
  name: 'ledger_insert_transfers',
  text: `insert into transfers (shard, seq, order_id, line, debit_account_id, credit_account_id, amount, reason, at)
select $1::smallint, $2::bigint + v.n, v.order_id, v.line, v.debit, v.credit, v.amount, v.reason, v.at
from unnest($3::uuid[], $4::bigint[], $5::uuid[], $6::uuid[], $7::bigint[], $8::text[], $9::timestamptz[])
with ordinality as v (order_id, line, debit, credit, amount, reason, at, n)`,
};
const INSERT_HOLDS = {
  name: 'ledger_insert_holds',
  text: `insert into holds (id, account_id, order_id, amount, captured, released, created_at, updated_at)
select v.*, $7::timestamptz, $7::timestamptz
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[]) as v`,
};
const UPDATE_HOLDS = {
  name: 'ledger_update_holds',
  text: `update holds h set captured = v.captured, released = v.released, updated_at = $4::timestamptz
from unnest($1::uuid[], $2::bigint[], $3::bigint[]) as v (id, captured, released) where h.id = v.id`,
};

/** Balances are numeric, which comes as text. */
interface AccountRecord {
  id: string;
  balance: string;
  held: string;
}

interface HoldRecord {
  id: string;
  order_id: string;
  amount: bigint;
  captured: bigint;
  released: bigint;
  owner_id: string;
  purpose: Purpose;
  asset: string;
}

/** Accounts that are being locked, in the order of their ids. */
export interface LockedAccounts {
  /** By name. */
  readonly keys: ReadonlyMap<string, AccountKey>;
  /** Those that exist. */
  readonly rows: Promise<AccountRecord[]>;
  /** Which key has which id. */
  readonly byId: ReadonlyMap<string, AccountKey>;
}

export function lockAccounts(
  reader: Reader,
  books: AccountRows,
  keys: ReadonlyMap<string, AccountKey>,
): LockedAccounts {
  const statement = { ...LOCK_ACCOUNTS, text: LOCK_ACCOUNTS.text + reader.forUpdate };
  const byId = new Map<string, AccountKey>();
  for (const key of keys.values()) byId.set(books.idOf(key), key);
  const rows = keys.size === 0 ? [] : reader.select<AccountRecord>(statement, [uuidArray([...byId.keys()])]);
  return { keys, byId, rows: Promise.resolve(rows) };
}

/**
 * Locks holds, and then what of the accounts has not been locked early, each in the order of their ids: the last two steps
 * of the batch's lock order.
 */
export async function loadLedger(
  reader: Reader,
  books: AccountRows,
  early: LockedAccounts,
  accounts: readonly AccountKey[],
  holdIds: readonly string[],
): Promise<LedgerWorkingSet> {
  const late = new Map<string, AccountKey>();
  const name = (key: AccountKey): void => {
    if (!early.keys.has(key.name)) late.set(key.name, key);
  };
  accounts.forEach(name);
  const holds =
    holdIds.length === 0
      ? []
      : await reader.select<HoldRecord>(
          { ...LOCK_HOLDS, text: LOCK_HOLDS.text + (reader.forUpdate && `${reader.forUpdate} of h`) },
          [uuidArray(holdIds)],
        );
  const holdRows = holds.map((row): HoldRow => {
    const account = accountKey(row.owner_id, row.purpose, row.asset);
    name(account);
    const { id, amount, captured, released } = row;
    return { id, account, orderId: row.order_id, amount, captured, released, isNew: false, dirty: false };
  });
  const locked = [early, lockAccounts(reader, books, late)];
  const set = new LedgerWorkingSet(late.size === 0 ? early.keys : new Map([...early.keys, ...late]));
  for (const hold of holdRows) set.holds.set(hold.id, hold);
  const found = await Promise.all(locked.map(({ rows }) => rows));
  locked.forEach(({ byId }, index) => {
    for (const { id, balance, held } of found[index] as AccountRecord[])
      set.addAccount(byId.get(id) as AccountKey, BigInt(balance), BigInt(held));
  });
  return set;
}

/** Queues the batch's ledger writes: one statement a table. Transfers get the shard's next sequences, in order. */
export function writeLedger(
  sink: Sink,
  books: AccountRows,
  set: LedgerWorkingSet,
  { lastTransferSeq, at }: { lastTransferSeq: bigint; at: string },
): void {
  set.assertSound();
  writeAccounts(
    sink,
    books,
    [...set.accounts.values()].filter((state) => state.dirty),
    at,
  );
  writeTransfers(sink, books, set.transfers, lastTransferSeq);
  writeHolds(
    sink,
    books,
    [...set.holds.values()].filter((hold) => hold.dirty),
    at,
  );
}

function writeAccounts(sink: Sink, books: AccountRows, dirty: readonly AccountState[], at: string): void {
  const added = dirty.filter((state) => state.isNew);
  if (added.length > 0) {
    sink.write(INSERT_ACCOUNTS, [
      uuidArray(added.map((state) => books.idOf(state.key))),
      uuidArray(added.map((state) => books.keyOf(state.key).ownerId)),
      plainArray(added.map((state) => state.key.purpose)),
      textArray(added.map((state) => state.key.asset)),
      booleanArray(added.map((state) => mayBeNegative(state.key.purpose))),
      numericArray(added.map((state) => state.balance)),
      numericArray(added.map((state) => state.held)),
      timestampArray(added.map(() => at)),
    ]);
    writeWholeAccounts(sink, books, added, at);
  }
  const changed = dirty.filter((state) => !state.isNew);
  if (changed.length > 0) {
    sink.write(UPDATE_ACCOUNTS, [
      uuidArray(changed.map((state) => books.idOf(state.key))),
      numericArray(changed.map((state) => state.balance)),
      numericArray(changed.map((state) => state.held)),
    ]);
  }
}

/** Once for each account of the installation and shard: the first time that the shard moves its money. */
function writeWholeAccounts(sink: Sink, books: AccountRows, added: readonly AccountState[], at: string): void {
  const keys = added.map((state) => state.key).filter((key) => books.keyOf(key) !== key);
  if (keys.length === 0) return;
  sink.write(INSERT_WHOLE_ACCOUNTS, [
    uuidArray(keys.map((key) => books.ids(key))),
    uuidArray(keys.map((key) => key.ownerId)),
    plainArray(keys.map((key) => key.purpose)),
    textArray(keys.map((key) => key.asset)),
    booleanArray(keys.map((key) => mayBeNegative(key.purpose))),
    at,
  ]);
}

function writeTransfers(
  sink: Sink,
  books: AccountRows,
  transfers: readonly TransferRow[],
  lastTransferSeq: bigint,
): void {
  if (transfers.length === 0) return;
  sink.write(INSERT_TRANSFERS, [
    books.shard,
    lastTransferSeq,
    uuidArray(transfers.map((row) => row.orderId)),
    integerArray(transfers.map((row) => row.line)),
    uuidArray(transfers.map((row) => books.idOf(row.debit))),
    uuidArray(transfers.map((row) => books.idOf(row.credit))),
    bigintArray(transfers.map((row) => row.amount)),
    textArray(transfers.map((row) => row.reason)),
    timestampArray(transfers.map((row) => row.at)),
  ]);
}

function writeHolds(sink: Sink, books: AccountRows, dirty: readonly HoldRow[], at: string): void {
  const added = dirty.filter((hold) => hold.isNew);
  if (added.length > 0) {
    sink.write(INSERT_HOLDS, [
      uuidArray(added.map((hold) => hold.id)),
      uuidArray(added.map((hold) => books.idOf(hold.account))),
      uuidArray(added.map((hold) => hold.orderId)),
      bigintArray(added.map((hold) => hold.amount)),
      bigintArray(added.map((hold) => hold.captured)),
      bigintArray(added.map((hold) => hold.released)),
      at,
    ]);
  }
  const changed = dirty.filter((hold) => !hold.isNew);
  if (changed.length > 0) {
    sink.write(UPDATE_HOLDS, [
      uuidArray(changed.map((hold) => hold.id)),
      bigintArray(changed.map((hold) => hold.captured)),
      bigintArray(changed.map((hold) => hold.released)),
      at,
    ]);
  }
}
