import type { LoanDetailView } from '@millrace/contract';
import type { Caller } from '../../src/core/caller.ts';
import { type SettableClock, settableClock } from '../../src/core/clock.ts';
import { accountKey, SYSTEM_OWNER } from '../../src/ledger/index.ts';
import { orderOf, startTestCore, type TestCore } from './core.ts';
import { cashOf, dueNow } from './ledger.ts';

export const DAY_MS = 86_400_000;
export const START_MS = Date.UTC(2026, 0, 31, 12);

/** A core whose time the test sets, with what tests of loans do again and again. */
export interface LendingWorld extends TestCore {
  clock: SettableClock;
  setDate(date: string): void;
  deposit(user: Caller, amount: string): Promise<void>;
  /** The user gives everything away. */
  spendAll(user: Caller): Promise<void>;
  /** The reason of the rejection, or the status. */
  fund(user: Caller, loan: string, amount: string): Promise<string>;
  detail(caller: Caller, loan: string): Promise<LoanDetailView>;
  /** What the scheduler does: submits what is due until nothing new is. Returns how many commands acted on the loan. */
  runScheduler(loan: string): Promise<number>;
  /** How many events of each type the loan has. */
  eventsOf(loan: string): Promise<Record<string, number>>;
  /** Minor units that the installation has kept. */
  feesKept(): Promise<bigint>;
}

export const uuidOf = (loan: string): string => loan.slice('loan_'.length);

export async function startLendingWorld(): Promise<LendingWorld> {
  const clock = settableClock(START_MS);
  const test = await startTestCore({ clock });
  const { core, pool } = test;
  const submit = async (user: Caller, kind: string, params: Record<string, string>) =>
    orderOf(await core.intake.submit(user, { kind, params }));
  return {
    ...test,
    clock,
    setDate: (date) => clock.set(Date.parse(`${date}T12:00:00Z`)),
    async deposit(user, amount) {
      await submit(user, 'deposit', { asset: 'USD', amount });
    },
    async spendAll(user) {
      const amount = await cashOf(pool, user);
      if (amount === '0.00') return;
      const shop = await test.user({ money: '0' });
      await submit(user, 'transfer', { to_user: `usr_${shop.userId}`, asset: 'USD', amount });
    },
    async fund(user, loan, amount) {
      const order = await submit(user, 'fund_loan', { loan_id: loan, amount });
      return order.reason ?? order.status;
    },
    async detail(caller, loan) {
      const found = await core.ask('getLoan', caller, { params: { id: loan } });
      if (!found.ok) throw new Error(`there is no loan ${loan}`);
      return found.value;
    },
    async runScheduler(loan) {
      let acted = 0;
      for (;;) {
        const due = await dueNow(core);
        const answers = await Promise.all(
          due.map(({ kind, name, params }) => core.intake.submitInternal(kind, name, params)),
        );
        const fresh = due.filter((_, i) => answers[i]!.ok && !answers[i]!.replayed);
        if (fresh.length === 0) return acted;
        acted += fresh.filter(({ params }) => params['loan_id'] === loan).length;
      }
    },
    async eventsOf(loan) {
      const { rows } = await pool.query<{ type: string; count: number }>(
        'select type, count(*)::int as count from events where subject = $1 group by type order by type',
        [loan],
      );
      return Object.fromEntries(rows.map(({ type, count }) => [type, count]));
    },
    async feesKept() {
      const id = core.accountIds(accountKey(SYSTEM_OWNER, 'fees', 'USD'));
      const { rows } = await pool.query<{ balance: bigint }>('select balance::bigint from accounts where id = $1', [
        id,
      ]);
      return rows[0]?.balance ?? 0n;
    },
  };
}
