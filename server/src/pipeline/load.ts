import { ORDER_COLUMNS, type OrderRecord, orderOf, type OrderRow } from '../core/order.ts';
import { textArray, uuidArray } from '../db/arrays.ts';
import { awaitedLater, type Transaction } from '../db/transaction.ts';
import type { Command, Desk, Loaded, Loader } from '../desks/desk.ts';
import {
  type AccountIds,
  type AccountKey,
  type AccountRows,
  accountRows,
  loadLedger,
  type LockedAccounts,
  lockAccounts,
  type GrowingAssetBook,
  type LedgerWorkingSet,
} from '../ledger/index.ts';
import type { Memories } from './memories.ts';
import { type Refusals, refusalsOfBatch } from './remembered-refusals.ts';
import { type Batch, type DeskPart, type KnownKey, keyName } from './batch.ts';

/** Another process has claimed the shard: this one must not write any more. */
export class Fenced extends Error {
  readonly code = 'fenced';
}

export interface LoadScope {
  shard: number;
  /** The owner's epoch, or null where nothing will be written (a preview). */
  epoch: bigint | null;
  desks: ReadonlyMap<string, Desk>;
  assets: GrowingAssetBook;
  accountIds: AccountIds;
  /** Of the worker that will write; those of a preview are its own. What is missing is rebuilt. */
  memories: Memories;
  /** Of the whole process, since a command may come to another shard the second time; of a preview, none. */
  refusals: Refusals;
}

const LOCK_SHARD = {
  name: 'pipeline_lock_shard',
  text: 'select epoch, event_seq, transfer_seq from shards where id = $1::smallint',
};
const KNOWN_ORDERS = {
  name: 'pipeline_known_orders',
  text: `select ${ORDER_COLUMNS} from orders o where o.id = any($1::uuid[])`,
};
const LOCK_ORDERS = {
  name: 'pipeline_lock_orders',
  text: `select ${ORDER_COLUMNS} from orders o where o.id = any($1::uuid[]) order by o.id`,
};
const KNOWN_KEYS = {
  name: 'pipeline_known_keys',
  text: `select k.user_id as key_user_id, k.operation, k.key, k.fingerprint as key_fingerprint, ${ORDER_COLUMNS}
from unnest($1::uuid[], $2::text[], $3::text[]) as q (user_id, operation, key)
join idempotency_keys k using (user_id, operation, key) join orders o on o.id = k.order_id`,
};

/**
 * Reads and locks everything that the commands name, in one order for all workers: the shard's row, each desk's rows
 * (desks by their registration), the accounts that the commands themselves name, orders, holds, and accounts that only the
 * rows have told of. Statements that need nothing from each other share a round trip: mostly there is but one.
 *
 * @throws Fenced where another process owns the shard now.
 */
export async function loadBatch(tx: Transaction, scope: LoadScope, commands: readonly Command[]): Promise<Batch> {
  const shardRow = tx.select<{ epoch: bigint; event_seq: bigint; transfer_seq: bigint }>(
    { ...LOCK_SHARD, text: LOCK_SHARD.text + tx.forUpdate },
    [scope.shard],
  );
  const known = awaitedLater(knownOrders(tx, commands));
  const keys = awaitedLater(knownKeys(tx, commands));
  const asked = askedDesks(scope, commands);
  const forgotten = scope.memories.forgotten(asked.map(([desk]) => desk));
  if (forgotten.length > 0)
    await scope.memories.rebuild(tx, forgotten, scope.shard, scope.epoch === null ? commands : undefined);
  const books = accountRows(scope.accountIds, scope.shard);
  const { early, loading } = loadDesks(tx, books, scope.memories, asked);
  // With everything else, so that a user who names what does not exist makes no batch wait longer.
  const sought = scope.assets.unknown(namedAssets(commands, early));
  const learning = awaitedLater(learnAssets(tx, scope.assets, sought));
  const { parts, accounts, holds, orders } = await loading;
  const shard = (await shardRow)[0];
  if (scope.epoch !== null && shard?.epoch !== scope.epoch) {
    throw new Fenced(
      `shard ${scope.shard} is owned by another process now (epoch ${shard?.epoch}, ours ${scope.epoch})`,
    );
  }
  const byId = await known;
  if (orders.length > 0) {
    const rows = await tx.select<OrderRow>({ ...LOCK_ORDERS, text: LOCK_ORDERS.text + tx.forUpdate }, [
      uuidArray(orders),
    ]);
    for (const row of rows) byId.set(row.id, orderOf(row));
  }
  const ledger = await loadLedger(tx, books, early, accounts, holds);
  await learning;
  // Only rows have told of these, so that they are there and will be known from now on.
  const found = scope.assets.unknown(namedAssets([], ledger)).filter((code) => !sought.includes(code));
  await learnAssets(tx, scope.assets, found);
  return {
    shard: scope.shard,
    commands,
    assets: scope.assets,
    accountIds: scope.accountIds,
    ledger,
    parts,
    orders: byId,
    keys: await keys,
    refusals: refusalsOfBatch(scope.refusals),
    lastEventSeq: Number(shard?.event_seq ?? 0n),
    lastTransferSeq: shard?.transfer_seq ?? 0n,
    outcomes: [],
    newOrders: new Set(),
    changedOrders: new Set(),
    newKeys: [],
    events: [],
    deadLetters: [],
    retriedDeadLetters: [],
  };
}

async function learnAssets(tx: Transaction, assets: GrowingAssetBook, codes: readonly string[]): Promise<void> {
  if (codes.length > 0) await assets.learn((statement, parameters) => tx.select(statement, parameters), codes);
}

/** The assets that commands name as such, and those of accounts. */
function* namedAssets(commands: readonly Command[], { keys }: Pick<LedgerWorkingSet, 'keys'>): Iterable<string> {
  for (const { params } of commands) if (typeof params['asset'] === 'string') yield params['asset'];
  for (const { asset } of keys.values()) yield asset;
}

interface LoadedDesks {
  parts: DeskPart[];
  accounts: AccountKey[];
  holds: string[];
  orders: string[];
}

/** The desks that have commands, with these, in the order of their registration, which is that of the locks. */
function askedDesks({ desks }: LoadScope, commands: readonly Command[]): [Desk, Command[]][] {
  const byDesk = new Map<Desk, Command[]>();
  for (const desk of new Set(desks.values())) byDesk.set(desk, []);
  for (const command of commands) byDesk.get(desks.get(command.kind) as Desk)?.push(command);
  return [...byDesk].filter(([, own]) => own.length > 0);
}

/** Sends what all desks can ask for at once, and behind it the accounts that they could name already. */
function loadDesks(
  tx: Transaction,
  books: AccountRows,
  memories: Memories,
  asked: readonly [Desk, Command[]][],
): { early: LockedAccounts; loading: Promise<LoadedDesks> } {
  const named = new Map<string, AccountKey>();
  const loader: Loader = {
    forUpdate: tx.forUpdate,
    select: (statement, parameters) => tx.select(statement, parameters),
    lockEarly(accounts) {
      for (const account of accounts) named.set(account.name, account);
    },
  };
  const loading = asked.map(([desk, own]) =>
    desk.load(loader, own, (own[own.length - 1] as Command).at, memories.of(desk)),
  );
  const early = lockAccounts(tx, books, named);
  return { early, loading: awaitedLater(Promise.all(loading).then((all) => together(asked, all, memories))) };
}

function together(
  asked: readonly [Desk, Command[]][],
  all: readonly Loaded<unknown>[],
  memories: Memories,
): LoadedDesks {
  const loaded: LoadedDesks = { parts: [], accounts: [], holds: [], orders: [] };
  all.forEach(({ rows, accounts, holds, orders }, index) => {
    const [desk] = asked[index] as [Desk, Command[]];
    loaded.parts.push({ desk, rows, memory: memories.of(desk) });
    // Not push(...many): a spread of a hundred thousand arguments overflows the stack.
    for (const account of accounts) loaded.accounts.push(account);
    for (const hold of holds) loaded.holds.push(hold);
    for (const order of orders) loaded.orders.push(order);
  });
  return loaded;
}

async function knownOrders(tx: Transaction, commands: readonly Command[]): Promise<Map<string, OrderRecord>> {
  const ids = commands.filter((command) => command.idMayExist).map((command) => command.id);
  if (ids.length === 0) return new Map();
  const rows = await tx.select<OrderRow>(KNOWN_ORDERS, [uuidArray(ids)]);
  return new Map(rows.map((row) => [row.id, orderOf(row)]));
}

async function knownKeys(tx: Transaction, commands: readonly Command[]): Promise<Map<string, KnownKey>> {
  const asked = commands.flatMap((command) => (command.key ? [command.key] : []));
  if (asked.length === 0) return new Map();
  const rows = await tx.select<
    OrderRow & { key_user_id: string; operation: string; key: string; key_fingerprint: string }
  >(KNOWN_KEYS, [
    uuidArray(asked.map((key) => key.userId)),
    textArray(asked.map((key) => key.operation)),
    textArray(asked.map((key) => key.key)),
  ]);
  return new Map(
    rows.map((row) => [
      keyName({ userId: row.key_user_id, operation: row.operation, key: row.key }),
      { fingerprint: row.key_fingerprint, order: orderOf(row) },
    ]),
  );
}
