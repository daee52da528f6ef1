import { type Asset, parseAmount } from '../../src/core/money.ts';
import type { Statement } from '../../src/db/transaction.ts';
import type { Command, Decision, Desk, EventDraft, Loader } from '../../src/desks/desk.ts';
import { createLendingDesk, type LendingChange, type LendingRows } from '../../src/desks/lending/index.ts';
import { LOAN_LIMITS_DEFAULT } from '../../src/desks/lending/settings.ts';
import type { AccountKey, LedgerEntry, LedgerView } from '../../src/ledger/index.ts';
import { cashOf, GrowingAssetBook, outside } from '../../src/ledger/index.ts';
import { SELECT_NOTE_HOLDERS, SELECT_USERS } from '../../src/desks/kit/reads.ts';
import { elementsOf } from '../support/array-parameter.ts';
import { holdersOf } from '../support/desk-world.ts';
import { MemoryTables } from '../support/memory-tables.ts';

const ASSETS: Record<string, Asset> = { USD: { code: 'USD', scale: 2 }, JPY: { code: 'JPY', scale: 0 } };
export const assets = new GrowingAssetBook(ASSETS['USD']!, [{ code: 'JPY', scale: 0, class: 'currency' }]);

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
  readonly tables = new MemoryTables();
  private readonly users: ReadonlySet<string>;
  private readonly desk: Desk<LendingRows, LendingChange> = createLendingDesk({
    currency: assets.currency,
    // Extreme rates try the arithmetic hardest; the limit has tests of its own.
    loanLimits: { ...LOAN_LIMITS_DEFAULT, rateMax: '999' },
  });

  constructor(users: readonly string[]) {
    this.users = new Set(users);
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
    this.tables.store(rows);
    return { outcomes, events };
  }

  private loader(): Loader {
    const answer = (statement: Statement, parameters: readonly unknown[]): object[] => {
      const rows = this.tables.answer(statement, parameters);
      if (rows) return rows;
      const names = elementsOf(parameters[0]) as string[];
      if (statement === SELECT_USERS)
        return names.filter((id) => this.users.has(id)).map((id) => ({ id, receives: true }));
      if (statement === SELECT_NOTE_HOLDERS) return holdersOf(names, this.ledger.balances.values());
      throw new Error(`nothing answers ${statement.name}`);
    };
    return {
      forUpdate: ' for update',
      lockEarly: () => undefined,
      select: <Row>(statement: Statement, parameters: readonly unknown[]): Promise<Row[]> =>
        Promise.resolve(answer(statement, parameters) as Row[]),
    };
  }
}
