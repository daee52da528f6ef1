import type { Client } from '@millrace/client';
import type { LoanDetailView, WireCreateLoan } from '@millrace/contract';
import { CATALOGUE, RATES } from '@millrace/server/desks/lending/demo/catalogue';
import type { Context } from '../context.ts';
import { CliFailure } from '../failure.ts';
import { deadlineText } from '../option-values.ts';
import { renderTable } from '../output.ts';
import { type Server, serverOf } from '../server.ts';

export interface LoanCreateOptions {
  count: number;
  borrower?: string;
  amount?: string;
  apr?: string;
  term?: number;
  grade?: string;
  purpose?: string;
  /** RFC 3339. */
  deadline?: string;
}

/** Loans that are made at once; more would only wait in the server's queue. */
const PARALLEL = 16;
const DEADLINE_DAYS = 21;

/** Opens loans for funding. What is not said is made up, for each loan by itself. */
export async function loanCreate(context: Context, options: LoanCreateOptions): Promise<void> {
  const { output, signal } = context;
  const server = serverOf(context);
  const borrowers = borrowersOf(server, options);
  const deadline = options.deadline ?? deadlineText(String(DEADLINE_DAYS));
  const loans: LoanDetailView[] = [];
  while (loans.length < options.count) {
    const some = Math.min(PARALLEL, options.count - loans.length);
    const bodies = Array.from({ length: some }, () => bodyOf(options, pick(borrowers), deadline));
    loans.push(...(await createAll(server.client, bodies, signal)));
    if (options.count > PARALLEL) output.note(`${loans.length} of ${options.count} loans`);
  }
  output.result({ data: loans }, () =>
    renderTable(loans, [
      { title: 'id', value: (loan) => loan.id },
      { title: 'purpose', value: (loan) => loan.purpose },
      { title: 'amount', value: (loan) => loan.amount, right: true },
      { title: 'apr', value: (loan) => loan.apr, right: true },
      { title: 'term', value: (loan) => loan.term_months, right: true },
      { title: 'grade', value: (loan) => loan.grade },
      { title: 'until', value: (loan) => loan.funding_deadline },
    ]),
  );
}

function createAll(client: Client, bodies: readonly WireCreateLoan[], signal: AbortSignal): Promise<LoanDetailView[]> {
  return Promise.all(bodies.map((body) => client.loans.create(body, { signal })));
}

function borrowersOf({ runtime }: Server, { borrower }: LoanCreateOptions): readonly string[] {
  if (borrower !== undefined) return [borrower];
  const virtual = runtime?.demo?.borrowers ?? [];
  if (virtual.length > 0) return virtual;
  throw new CliFailure('usage', 'whom the loans are for is not said', {
    hint: 'Name a user with --borrower usr_…; only a demo installation on this machine has virtual borrowers.',
  });
}

function bodyOf(options: LoanCreateOptions, borrower: string, deadline: string): WireCreateLoan {
  const model = pick(CATALOGUE);
  const [min, max] = RATES[model.grade];
  return {
    borrower_id: borrower,
    purpose: options.purpose ?? model.purpose,
    amount: options.amount ?? String(model.amount),
    apr: options.apr ?? (min + Math.random() * (max - min)).toFixed(4),
    term_months: options.term ?? model.termMonths,
    grade: options.grade ?? model.grade,
    funding_deadline: deadline,
  };
}

function pick<Item>(items: readonly Item[]): Item {
  return items[Math.floor(Math.random() * items.length)] as Item;
}
