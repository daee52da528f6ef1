import { uuidOfName } from '../../src/core/ids.ts';
import type { OrderRecord } from '../../src/core/order.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Asset } from '../../src/core/money.ts';
import type { Statement } from '../../src/db/transaction.ts';
import type { Command, Desk, Loaded, Loader } from '../../src/desks/desk.ts';
import type { AnyTable, RowOf } from '../../src/desks/kit/index.ts';
import { SELECT_HELD_ASSETS, SELECT_NOTE_HOLDERS, SELECT_USERS } from '../../src/desks/kit/reads.ts';
import type { StoredEvent } from '../../src/events/event.ts';
import { type AccountKey, cashOf, GrowingAssetBook, LedgerWorkingSet, outside } from '../../src/ledger/index.ts';
import type { HoldRow, TransferRow } from '../../src/ledger/working-set.ts';
import type { Batch, DeskPart, Outcome } from '../../src/pipeline/batch.ts';
import { decideBatch } from '../../src/pipeline/decide.ts';
import { createRefusals, refusalsOfBatch } from '../../src/pipeline/remembered-refusals.ts';
import { accountIds } from './account-ids.ts';
import { elementsOf } from './array-parameter.ts';
import { undeclaredIn } from './catalogue.ts';
import { MemoryTables } from './memory-tables.ts';

export const USD: Asset = { code: 'USD', scale: 2 };
const ASSETS = new GrowingAssetBook(USD, [
  { code: 'JPY', scale: 0, class: 'currency' },
  { code: 'BTC', scale: 8, class: 'currency' },
  { code: 'AAPL', scale: 0, class: 'instrument' },
]);

export interface AccountBalance {
  key: AccountKey;
  balance: bigint;
  held: bigint;
}

export interface Ask {
  kind: string;
  params: JsonObject;
  /** Bare UUID; default null, a command of the system itself. */
  userId?: string | null;
  /** Bare UUID of the command; default a new one. */
  id?: string;
  /** ms since the epoch; default a moment after the one before. */
  at?: number;
}

export interface WorldOptions {
  /** Bare UUIDs. Money may go to all of them. */
  users?: readonly string[];
  /** What the desk's own selects answer, by the statement's name: those of declared tables and of the kit are answered here. */
  answers?: Readonly<Record<string, (...lists: string[][]) => object[]>>;
  /** What a desk with a memory remembers from the start. */
  memory?: unknown;
}

/** What a batch asked for before it decided. */
export interface Reading extends Loaded<unknown> {
  statements: string[];
  early: AccountKey[];
}

/**
 * A desk between two commits: what a database would hold, in memory. A batch sees exactly the rows, accounts, holds and orders
 * that the desk's `load` named, is decided by the pipeline's own code, and leaves what its changes make of the rows.
 */
export class DeskWorld {
  readonly tables = new MemoryTables();
  readonly accounts = new Map<string, AccountBalance>();
  readonly holds = new Map<string, HoldRow>();
  readonly orders = new Map<string, OrderRecord>();
  readonly transfers: TransferRow[] = [];
  readonly events: StoredEvent[] = [];
  readonly deadLetters: string[] = [];
  private readonly users: ReadonlySet<string>;
  private readonly desk: Desk;
  private readonly answers: NonNullable<WorldOptions['answers']>;
  private readonly memory: unknown;
  private commands = 0;

  constructor(desk: Desk, { users = [], answers = {}, memory }: WorldOptions) {
    this.users = new Set(users);
    this.desk = desk;
    this.answers = answers;
    this.memory = memory;
  }

  /** A row that was there before. */
  put<T extends AnyTable>(table: T, row: RowOf<T>): void {
    this.tables.put(table, row);
  }

  /** What a batch of these would read. */
  async read(asks: readonly Ask[]): Promise<Reading> {
    return this.load(asks.map((ask) => this.commandOf(ask)));
  }

  /** One batch. */
  async submit(asks: readonly Ask[]): Promise<Outcome[]> {
    const commands = asks.map((ask) => this.commandOf(ask));
    const loaded = await this.load(commands);
    const ledger = this.ledgerOf(loaded.accounts, loaded.holds);
    const known = [...loaded.orders, ...commands.map(({ id }) => id)];
    const batch: Batch = {
      shard: 0,
      commands,
      assets: ASSETS,
      ledger,
      accountIds,
      parts: [{ desk: this.desk, rows: loaded.rows, memory: this.memory }],
      orders: new Map(
        known.flatMap((id) => (this.orders.has(id) ? [[id, structuredClone(this.orders.get(id)!)]] : [])),
      ),
      keys: new Map(),
      refusals: refusalsOfBatch(createRefusals()),
      lastEventSeq: this.events.length,
      lastTransferSeq: BigInt(this.transfers.length),
      outcomes: [],
      newOrders: new Set(),
      changedOrders: new Set(),
      newKeys: [],
      events: [],
      deadLetters: [],
      retriedDeadLetters: [],
    };
    decideBatch(batch, new Map());
    ledger.assertSound();
    this.store(batch);
    return batch.outcomes;
  }

  async one(ask: Ask): Promise<Outcome> {
    return (await this.submit([ask]))[0]!;
  }

  /** Gives a user cash that came from outside, without a command. */
  give(userId: string, minor: bigint, asset: Asset = USD): void {
    this.fill(cashOf(userId, asset.code), minor);
  }

  /** The same to any account. */
  fill(account: AccountKey, minor: bigint): void {
    this.add(account, minor);
    this.add(outside(account.asset), -minor);
  }

  cash(userId: string, asset = 'USD'): { balance: bigint; held: bigint } {
    const { balance, held } = this.accounts.get(cashOf(userId, asset).name) ?? { balance: 0n, held: 0n };
    return { balance, held };
  }

  balanceOf(key: AccountKey): bigint {
    return this.accounts.get(key.name)?.balance ?? 0n;
  }

  private add(key: AccountKey, minor: bigint): void {
    const state = this.accounts.get(key.name) ?? { key, balance: 0n, held: 0n };
    this.accounts.set(key.name, { ...state, balance: state.balance + minor });
  }

  private commandOf({ kind, params, userId = null, id, at }: Ask): Command {
    this.commands += 1;
    return {
      id: id ?? uuidOfName(`test command ${this.commands}`),
      kind,
      userId,
      actorId: null,
      params,
      at: at ?? 1_800_000_000_000 + this.commands,
      shard: 0,
      idMayExist: true,
      fingerprint: null,
      key: null,
      retryOf: null,
    };
  }

  private async load(commands: readonly Command[]): Promise<Reading> {
    const statements: string[] = [];
    const early: AccountKey[] = [];
    const loader: Loader = {
      forUpdate: ' for update',
      lockEarly: (accounts) => void early.push(...accounts),
      select: <Row>(statement: Statement, parameters: readonly unknown[]): Promise<Row[]> => {
        statements.push(statement.name);
        return Promise.resolve(this.answer(statement, parameters) as Row[]);
      },
    };
    const loaded = await this.desk.load(loader, commands, commands.at(-1)?.at ?? 0, this.memory);
    return { ...loaded, statements, early };
  }

  private answer(statement: Statement, parameters: readonly unknown[]): object[] {
    const rows = this.tables.answer(statement, parameters);
    if (rows) return rows;
    const lists = parameters.map((parameter) => elementsOf(parameter) as string[]);
    const [names = []] = lists;
    if (statement === SELECT_USERS)
      return names.filter((id) => this.users.has(id)).map((id) => ({ id, receives: true }));
    if (statement === SELECT_HELD_ASSETS) return names.flatMap((id) => this.holds.get(id)?.account ?? []);
    if (statement === SELECT_NOTE_HOLDERS) return holdersOf(names, this.accounts.values());
    const own = this.answers[statement.name];
    if (!own) throw new Error(`nothing answers ${statement.name}`);
    return own(...lists);
  }

  private ledgerOf(accounts: readonly AccountKey[], holdIds: readonly string[]): LedgerWorkingSet {
    const holds = holdIds.flatMap((id) => this.holds.get(id) ?? []);
    const keys = new Map([...accounts, ...holds.map(({ account }) => account)].map((key) => [key.name, key]));
    const ledger = new LedgerWorkingSet(keys);
    for (const hold of holds) ledger.holds.set(hold.id, { ...hold, isNew: false, dirty: false });
    for (const id of keys.keys()) {
      const state = this.accounts.get(id);
      if (state) ledger.addAccount(state.key, state.balance, state.held);
    }
    return ledger;
  }

  private store(batch: Batch): void {
    for (const { key, balance, held } of batch.ledger.accounts.values())
      this.accounts.set(key.name, { key, balance, held });
    for (const hold of batch.ledger.holds.values()) this.holds.set(hold.id, hold);
    for (const order of batch.orders.values()) {
      this.orders.set(order.id, order);
      const [undeclared] = undeclaredIn(order.kind, order.result, this.desk.name);
      if (undeclared !== undefined) throw new Error(undeclared);
    }
    this.tables.store((batch.parts[0] as DeskPart).rows as object);
    this.transfers.push(...batch.ledger.transfers);
    this.events.push(...batch.events);
    this.deadLetters.push(...batch.deadLetters.map(({ error }) => error));
  }
}

/** Who owns notes of the assets, as the database would answer. */
export function holdersOf(assets: readonly string[], accounts: Iterable<Omit<AccountBalance, 'held'>>): object[] {
  return [...accounts]
    .filter(({ key, balance }) => key.purpose === 'notes' && assets.includes(key.asset) && balance > 0n)
    .map(({ key }) => ({ asset: key.asset, owner_id: key.ownerId }))
    .sort((a, b) => (a.owner_id < b.owner_id ? -1 : 1));
}

export function createWorld(desk: Desk, options: WorldOptions = {}): DeskWorld {
  return new DeskWorld(desk, options);
}
