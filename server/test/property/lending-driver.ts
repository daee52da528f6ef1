import { type Asset, parseAmount } from '../../src/core/money.ts';
import type { Command, Decision, Desk, EventDraft, Loader } from '../../src/desks/desk.ts';
import { createLendingDesk, type LendingChange, type LendingRows } from '../../src/desks/lending/index.ts';
import { LOAN_LIMITS_DEFAULT } from '../../src/desks/lending/settings.ts';
import type { InstallmentRecord, LoanRecord } from '../../src/desks/lending/records.ts';
import type { AccountKey, AssetBook, LedgerEntry, LedgerView } from '../../src/ledger/index.ts';
import { cashOf, outside } from '../../src/ledger/index.ts';
import { elementsOf } from '../support/array-parameter.ts';

const ASSETS: Record<string, Asset> = { USD: { code: 'USD', scale: 2 }, JPY: { code: 'JPY', scale: 0 } };
export const assets: AssetBook = { currency: ASSETS['USD']!, get: (code) => ASSETS[code] };

interface Tables {
  users: Set<string>;
  loans: Map<string, LoanRecord>;
  stakes: Map<string, Map<string, bigint>>;
  installments: Map<string, InstallmentRecord[]>;
}

/** A ledger of two maps. Posting is all or nothing by hand: it looks first. */
class PlainLedger implements LedgerView {
  readonly balances = new Map<string, { key: AccountKey; balance: bigint }>();
  private named = new Set<string>();

  name(accounts: readonly AccountKey[]): void {
    this.named = new Set(accounts.map(({ name }) => name));
  }
  balance(account: AccountKey): bigint {
    if (!this.named.has(account.name))
      throw new Error(`${account.ownerId}/${account.purpose}/${account.asset} was not named by load`);
    return this.balances.get(account.name)?.balance ?? 0n;
  }
  available(account: AccountKey): bigint {
    return this.balance(account);
  }
  hold(): undefined {
    return undefined;
  }
  canCredit(account: AccountKey, amount: bigint): boolean {
    return this.balance(account) + amount <= 9n * 10n ** 18n;
  }
  post(entries: readonly LedgerEntry[]): void {
    for (const entry of entries) {
      if (entry.type !== 'transfer') throw new Error(`lending has no use for ${entry.type}`);
      if (entry.amount <= 0n || entry.debit.name === entry.credit.name)
        throw new Error('a transfer moves something from one account to another');
      if (entry.debit.asset !== entry.credit.asset) throw new Error('assets differ');
      this.add(entry.debit, -entry.amount);
      this.add(entry.credit, entry.amount);
    }
  }
  private add(key: AccountKey, amount: bigint): void {
    const balance = this.balance(key) + amount;
    this.balances.set(key.name, { key, balance });
    if (balance < 0n && !['outside', 'issuance'].includes(key.purpose))
      throw new Error(`${key.ownerId}/${key.purpose} went below zero`);
  }
}

const cashAndWorld = ({ userId, params }: Command): [cash: AccountKey, world: AccountKey] => [
  cashOf(userId!, params['asset'] as string),
  outside(params['asset'] as string),
];

/** A deposit, or, for a withdrawal, all that there is. Also what the stand-in for the payments desk decides. */
export function movement(command: Command, ledger: LedgerView): LedgerEntry[] {
  const [cash, world] = cashAndWorld(command);
  if (command.kind === 'withdraw') {
    const amount = ledger.available(cash);
    return amount === 0n ? [] : [{ type: 'transfer', debit: cash, credit: world, amount, reason: 'withdrawal' }];
  }
  const amount = parseAmount(command.params['amount'] as string, ASSETS[cash.asset]!.scale);
  if (!amount.ok) throw new Error('a deposit of nothing');
  return [{ type: 'transfer', debit: world, credit: cash, amount: amount.minor, reason: 'deposit' }];
}

export interface BatchResult {
  outcomes: (Decision<LendingChange> | 'moved')[];
  events: EventDraft[];
}

/** Runs the desk's own load, decide, apply and summarize over tables that are maps. */
export class MemoryLending {
  readonly ledger = new PlainLedger();
  readonly tables: Tables;
  private readonly desk: Desk<LendingRows, LendingChange> = createLendingDesk({
    currency: assets.currency,
    // Extreme rates try the arithmetic hardest; the limit has tests of its own.
    loanLimits: { ...LOAN_LIMITS_DEFAULT, rateMax: '999' },
  });

  constructor(users: readonly string[]) {
    this.tables = { users: new Set(users), loans: new Map(), stakes: new Map(), installments: new Map() };
  }

  /** Money that comes and goes is another desk's, but takes its turn in the batch. */
  async run(commands: readonly Command[]): Promise<BatchResult> {
    const own = commands.filter(({ kind }) => this.desk.kinds.includes(kind));
    const { rows, accounts } = await this.desk.load(this.loader(), own, own.at(-1)?.at ?? 0, undefined);
    this.ledger.name([...accounts, ...commands.filter((c) => !own.includes(c)).flatMap(cashAndWorld)]);
    const outcomes: BatchResult['outcomes'] = [];
    const events: EventDraft[] = [];
    for (const command of commands) {
      if (!own.includes(command)) {
        this.ledger.post(movement(command, this.ledger));
        outcomes.push('moved');
        continue;
      }
      const decision = this.desk.decide(command, {
        rows,
        memory: undefined,
        ledger: this.ledger,
        assets,
        order: () => undefined,
      });
      outcomes.push(decision);
      if (decision.type === 'refuse') continue;
      this.ledger.post(decision.entries);
      for (const change of decision.changes) this.desk.apply(rows, change, undefined);
      events.push(...decision.events);
    }
    events.push(...this.desk.summarize(rows));
    this.store(rows);
    return { outcomes, events };
  }

  private loader(): Loader {
    const { users, loans, stakes, installments } = this.tables;
    const answers: Record<string, (...parameters: string[][]) => object[]> = {
      lending_select_loans: (ids) => ids.toSorted().flatMap((id) => loans.get(id) ?? []),
      lending_select_users: (ids) => ids.filter((id) => users.has(id)).map((id) => ({ id })),
      lending_select_stakes: (loanIds, userIds) => loanIds.flatMap((id, i) => this.stakeRecords(id, [userIds[i]!])),
      lending_select_whole_stakes: (ids) =>
        ids.flatMap((id) => this.stakeRecords(id, [...(stakes.get(id)?.keys() ?? [])])),
      lending_select_installments: (ids) => ids.flatMap((id) => installments.get(id) ?? []),
      lending_select_holders: (codes) =>
        [...this.ledger.balances.values()]
          .filter(({ key, balance }) => key.purpose === 'notes' && codes.includes(key.asset) && balance > 0n)
          .map(({ key }) => ({ asset: key.asset, owner_id: key.ownerId }))
          .sort((a, b) => (a.owner_id < b.owner_id ? -1 : 1)),
    };
    return {
      forUpdate: ' for update',
      lockEarly: () => undefined,
      select: <Row>(statement: { name: string }, parameters: readonly unknown[]): Promise<Row[]> => {
        const lists = parameters.map((parameter) => elementsOf(parameter) as string[]);
        return Promise.resolve(answers[statement.name]!(...lists) as Row[]);
      },
    };
  }

  private stakeRecords(loanId: string, userIds: string[]): object[] {
    const ofLoan = this.tables.stakes.get(loanId);
    // A map remembers in which order its keys came: investors are numbered by their first stake.
    const order = [...(ofLoan?.keys() ?? [])];
    return userIds.flatMap((userId) =>
      ofLoan?.has(userId)
        ? [{ loan_id: loanId, user_id: userId, amount: ofLoan.get(userId), number: order.indexOf(userId) + 1 }]
        : [],
    );
  }

  /** Keeps only what is marked as changed, as `write` would. */
  private store(rows: LendingRows): void {
    const { dirty } = rows;
    for (const id of [...dirty.newLoans, ...dirty.loans]) {
      const l = rows.loans.get(id)!;
      this.tables.loans.set(id, {
        id,
        borrower_id: l.borrowerId,
        purpose: l.purpose,
        asset: l.asset,
        scale: l.scale,
        amount: l.amount,
        apr: l.apr,
        term_months: l.termMonths,
        grade: l.grade,
        funding_deadline: new Date(l.fundingDeadline),
        status: l.status,
        funded: l.funded,
        investor_count: l.investorCount,
        created_at: new Date(l.createdAt),
        funded_at: l.fundedAt === null ? null : new Date(l.fundedAt),
        next_number: l.nextNumber,
        next_due: l.nextDue,
        collect_on: l.collectOn,
        asked_on: l.askedOn,
      });
    }
    for (const [id, users] of [...dirty.newStakes, ...dirty.stakes]) {
      const table = this.tables.stakes.get(id) ?? new Map<string, bigint>();
      if ([...users].some((user) => table.has(user) === (dirty.newStakes.get(id) === users)))
        throw new Error(`a stake in ${id} is written as new and is there, or as there and is new`);
      for (const user of users) table.set(user, rows.stakes.get(id)!.get(user)!);
      this.tables.stakes.set(id, table);
    }
    for (const id of dirty.schedules) this.tables.installments.set(id, []);
    for (const id of new Set([...dirty.schedules, ...dirty.installments.keys()])) {
      const table = this.tables.installments.get(id)!;
      for (const row of rows.installments.get(id)!) {
        if (!dirty.schedules.has(id) && !dirty.installments.get(id)!.has(row.number)) continue;
        const { number, dueDate, principal, interest, fee, status, paidAt } = row;
        table[number - 1] = {
          loan_id: id,
          number,
          due_date: dueDate,
          principal,
          interest,
          fee,
          status,
          paid_at: paidAt === null ? null : new Date(paidAt),
        };
      }
    }
  }
}
