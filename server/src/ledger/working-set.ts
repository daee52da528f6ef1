import { BALANCE_MINOR_MAX, TRANSFER_MINOR_MAX } from '../core/money.ts';
import type { AccountKey } from './accounts.ts';
import { mayBeNegative, ownerKindOf } from './accounts.ts';
import type { HoldState, LedgerEntry, LedgerView } from './entries.ts';

export interface AccountState {
  readonly key: AccountKey;
  balance: bigint;
  held: bigint;
  readonly loadedBalance: bigint;
  readonly isNew: boolean;
  dirty: boolean;
}

export interface HoldRow {
  readonly id: string;
  readonly account: AccountKey;
  readonly orderId: string;
  readonly amount: bigint;
  captured: bigint;
  released: bigint;
  readonly isNew: boolean;
  dirty: boolean;
}

export interface TransferRow {
  readonly orderId: string;
  /** Its place among the transfers of the decision, from 1: what an order moves once it does not move again. */
  readonly line: number;
  readonly debit: AccountKey;
  readonly credit: AccountKey;
  readonly amount: bigint;
  readonly reason: string;
  readonly at: number;
}

/** Whose entries are being applied, and how many transfers there were before. */
interface Posted {
  readonly orderId: string;
  readonly at: number;
  readonly after: number;
}

/** A movement that the ledger's rules forbid: a desk's mistake, since decisions look before they move. */
export class LedgerFault extends Error {
  readonly code = 'ledger_fault';
}

/**
 * The ledger's part of one batch: the accounts and holds that were locked, and the transfers decided so far. Each
 * `post` is all or nothing. Nobody outside the batch sees it before the commit.
 */
export class LedgerWorkingSet implements LedgerView {
  /** By name, as `keys`. */
  readonly accounts = new Map<string, AccountState>();
  readonly holds = new Map<string, HoldRow>();
  readonly transfers: TransferRow[] = [];
  /** What was asked for, whether it exists or not. */
  readonly keys: ReadonlyMap<string, AccountKey>;

  constructor(keys: ReadonlyMap<string, AccountKey>) {
    this.keys = keys;
  }

  addAccount(key: AccountKey, balance: bigint, held: bigint): void {
    this.accounts.set(key.name, { key, balance, held, loadedBalance: balance, isNew: false, dirty: false });
  }

  available(account: AccountKey): bigint {
    const state = this.accounts.get(account.name);
    return state ? state.balance - state.held : this.absent(account);
  }

  balance(account: AccountKey): bigint {
    return this.accounts.get(account.name)?.balance ?? this.absent(account);
  }

  hold(id: string): HoldState | undefined {
    return this.holds.get(id);
  }

  canCredit(account: AccountKey, amount: bigint): boolean {
    return this.balance(account) + amount <= BALANCE_MINOR_MAX;
  }

  /** Applies a decision's entries for an order, or throws LedgerFault and leaves everything as it was. */
  post(entries: readonly LedgerEntry[], orderId: string, at: number): void {
    const before: (() => void)[] = [];
    const posted = { orderId, at, after: this.transfers.length };
    try {
      for (const entry of entries) this.apply(entry, posted, before);
    } catch (error) {
      for (const undo of before.reverse()) undo();
      this.transfers.length = posted.after;
      throw error;
    }
  }

  /** Invariant M over the batch: per asset, all changes of balances sum to zero. Invariant N: nobody is overdrawn. */
  assertSound(): void {
    const sums = new Map<string, bigint>();
    for (const { key, balance, held, loadedBalance, dirty } of this.accounts.values()) {
      if (!dirty) continue;
      sums.set(key.asset, (sums.get(key.asset) ?? 0n) + balance - loadedBalance);
      if (held < 0n || (!mayBeNegative(key.purpose) && balance < held)) {
        throw new LedgerFault(`${key.name} would have balance ${balance}, held ${held}`);
      }
    }
    for (const [asset, sum] of sums) {
      if (sum !== 0n) throw new LedgerFault(`the batch's postings in ${asset} sum to ${sum}, not to zero`);
    }
  }

  private absent(account: AccountKey): bigint {
    if (!this.keys.has(account.name)) throw new LedgerFault(`${account.name} was not loaded`);
    return 0n;
  }

  private touch(account: AccountKey, undo: (() => void)[]): AccountState {
    let state = this.accounts.get(account.name);
    if (!state) {
      this.absent(account);
      state = { key: account, balance: 0n, held: 0n, loadedBalance: 0n, isNew: true, dirty: false };
      this.accounts.set(account.name, state);
      undo.push(() => this.accounts.delete(account.name));
    }
    const { balance, held, dirty } = state;
    const touched = state;
    undo.push(() => Object.assign(touched, { balance, held, dirty }));
    state.dirty = true;
    return state;
  }

  private apply(entry: LedgerEntry, posted: Posted, undo: (() => void)[]): void {
    if (entry.amount <= 0n || entry.amount > TRANSFER_MINOR_MAX)
      throw new LedgerFault(`an amount of ${entry.amount} cannot move`);
    switch (entry.type) {
      case 'transfer':
        return this.move(this.touch(entry.debit, undo), this.touch(entry.credit, undo), entry, posted);
      case 'hold':
        return this.place(entry, posted.orderId, undo);
      case 'capture': {
        const hold = this.use(entry.holdId, entry.amount, undo);
        hold.captured += entry.amount;
        const debit = this.touch(hold.account, undo);
        debit.held -= entry.amount;
        return this.move(debit, this.touch(entry.credit, undo), entry, posted);
      }
      case 'release': {
        const hold = this.use(entry.holdId, entry.amount, undo);
        hold.released += entry.amount;
        this.touch(hold.account, undo).held -= entry.amount;
        return;
      }
      default:
        throw new LedgerFault(`unknown entry ${(entry satisfies never as { type: string }).type}`);
    }
  }

  private move(
    debit: AccountState,
    credit: AccountState,
    { amount, reason }: { amount: bigint; reason: string },
    { orderId, at, after }: Posted,
  ): void {
    if (debit.key.asset !== credit.key.asset)
      throw new LedgerFault(`${debit.key.asset} cannot become ${credit.key.asset}`);
    if (debit === credit) throw new LedgerFault('an account cannot pay itself');
    debit.balance -= amount;
    credit.balance += amount;
    if (!mayBeNegative(debit.key.purpose) && debit.balance < debit.held)
      throw new LedgerFault(`${debit.key.name} would be overdrawn`);
    if (credit.balance > BALANCE_MINOR_MAX || debit.balance < -BALANCE_MINOR_MAX)
      throw new LedgerFault('a balance would exceed what it can hold');
    const line = this.transfers.length - after + 1;
    this.transfers.push({ orderId, line, debit: debit.key, credit: credit.key, amount, reason, at });
  }

  private place(
    entry: { holdId: string; account: AccountKey; amount: bigint },
    orderId: string,
    undo: (() => void)[],
  ): void {
    const { holdId, account, amount } = entry;
    if (this.holds.has(holdId)) throw new LedgerFault(`hold ${holdId} exists already`);
    // A hold names one row, and the shard that uses it may move another part of such an account.
    if (ownerKindOf(account.purpose) === 'installation')
      throw new LedgerFault(`${account.name} is the installation's: nothing of it is held`);
    const state = this.touch(account, undo);
    state.held += amount;
    if (!mayBeNegative(account.purpose) && state.balance < state.held)
      throw new LedgerFault(`${account.name} has too little to hold`);
    this.holds.set(holdId, {
      id: holdId,
      account,
      orderId,
      amount,
      captured: 0n,
      released: 0n,
      isNew: true,
      dirty: true,
    });
    undo.push(() => this.holds.delete(holdId));
  }

  private use(holdId: string, amount: bigint, undo: (() => void)[]): HoldRow {
    const hold = this.holds.get(holdId);
    if (!hold) throw new LedgerFault(`hold ${holdId} was not loaded`);
    if (hold.captured + hold.released + amount > hold.amount)
      throw new LedgerFault(`hold ${holdId} has less than ${amount} left`);
    const { captured, released, dirty } = hold;
    undo.push(() => Object.assign(hold, { captured, released, dirty }));
    hold.dirty = true;
    return hold;
  }
}
