import type { OrderRecord } from '../../src/core/order.ts';
import { uuidOfName } from '../../src/core/ids.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Asset } from '../../src/core/money.ts';
import type { Command, Loader } from '../../src/desks/desk.ts';
import { createPaymentsDesk, type PaymentsOptions, type PaymentsRows } from '../../src/desks/payments/index.ts';
import type { PendingWithdrawal } from '../../src/desks/payments/rows.ts';
import type { StoredEvent } from '../../src/events/event.ts';
import { type AccountKey, cashOf, LedgerWorkingSet, outside } from '../../src/ledger/index.ts';
import type { HoldRow, TransferRow } from '../../src/ledger/working-set.ts';
import type { Batch, DeskPart, Outcome } from '../../src/pipeline/batch.ts';
import { decideBatch } from '../../src/pipeline/decide.ts';
import { accountIds } from './account-ids.ts';
import { elementsOf } from './array-parameter.ts';

export const USD: Asset = { code: 'USD', scale: 2 };
const ASSETS = new Map<string, Asset>(
  [USD, { code: 'JPY', scale: 0 }, { code: 'BTC', scale: 8 }].map((asset) => [asset.code, asset]),
);

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
}

/**
 * The payments desk between two commits: what a database would hold, in memory. A batch sees exactly the accounts, holds
 * and orders that the desk's `load` named, and is decided by the pipeline's own code.
 */
export class PaymentsWorld {
  readonly accounts = new Map<string, AccountBalance>();
  readonly holds = new Map<string, HoldRow>();
  readonly orders = new Map<string, OrderRecord>();
  readonly transfers: TransferRow[] = [];
  readonly events: StoredEvent[] = [];
  readonly deadLetters: string[] = [];
  /** Withdrawals that wait, by order. */
  private readonly pending = new Map<string, PendingWithdrawal>();
  /** By handle: who receives in its place, and whether it is disabled. */
  readonly merchants = new Map<string, { ownerId: string | null; disabled: boolean }>();
  private readonly users: ReadonlySet<string>;
  private readonly desk: ReturnType<typeof createPaymentsDesk>;
  private commands = 0;

  constructor(users: readonly string[], options: Omit<PaymentsOptions, 'currency'> = {}) {
    this.users = new Set(users);
    this.desk = createPaymentsDesk({ currency: USD, ...options });
  }

  /** One batch. */
  async submit(asks: readonly Ask[]): Promise<Outcome[]> {
    const commands = asks.map((ask) => this.commandOf(ask));
    const loaded = await this.desk.load(this.loader(), commands, 0, undefined);
    const ledger = this.ledgerOf(loaded.accounts, loaded.holds);
    const known = [...loaded.orders, ...commands.map(({ id }) => id)];
    const batch: Batch = {
      shard: 0,
      commands,
      assets: { currency: USD, get: (code) => ASSETS.get(code) },
      ledger,
      accountIds,
      parts: [{ desk: this.desk, rows: loaded.rows, memory: undefined }],
      orders: new Map(
        known.flatMap((id) => (this.orders.has(id) ? [[id, structuredClone(this.orders.get(id)!)]] : [])),
      ),
      keys: new Map(),
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
    this.add(cashOf(userId, asset.code), minor);
    this.add(outside(asset.code), -minor);
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

  private commandOf({ kind, params, userId = null, id }: Ask): Command {
    this.commands += 1;
    return {
      id: id ?? uuidOfName(`test command ${this.commands}`),
      kind,
      userId,
      actorId: null,
      params,
      at: 1_800_000_000_000 + this.commands,
      shard: 0,
      idMayExist: true,
      fingerprint: null,
      key: null,
      retryOf: null,
    };
  }

  private loader(): Loader {
    const answers: Record<string, (ids: string[]) => unknown[]> = {
      payments_select_users: (ids) => ids.filter((id) => this.users.has(id)).map((id) => ({ id, receives: true })),
      payments_select_merchants: (handles) =>
        handles.flatMap((handle) => {
          const merchant = this.merchants.get(handle);
          const ownerId = merchant?.ownerId ?? null;
          const owner_receives = ownerId !== null && this.users.has(ownerId);
          return merchant ? [{ handle, owner_id: ownerId, disabled: merchant.disabled, owner_receives }] : [];
        }),
      pending_withdrawals_by_user_id: (ids) =>
        [...this.pending.values()].filter(({ userId }) => ids.includes(userId)).map((row) => ({ ...row })),
      payments_select_held_assets: (ids) => ids.flatMap((id) => this.holds.get(id)?.account ?? []),
    };
    return {
      forUpdate: ' for update',
      lockEarly: () => undefined,
      select: async <Row>({ name }: { name: string }, [ids]: readonly unknown[]) =>
        answers[name]!(elementsOf(ids) as string[]) as Row[],
    };
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
    for (const order of batch.orders.values()) this.orders.set(order.id, order);
    const { pending } = (batch.parts[0] as DeskPart).rows as PaymentsRows;
    for (const withdrawal of pending.added) this.pending.set(withdrawal.orderId, withdrawal);
    for (const { orderId } of pending.removed) this.pending.delete(orderId);
    this.transfers.push(...batch.ledger.transfers);
    this.events.push(...batch.events);
    this.deadLetters.push(...batch.deadLetters.map(({ error }) => error));
  }
}
