import { addDays, addMonths, dateOf } from '../../../core/clock.ts';
import { formatId, uuidOfName } from '../../../core/ids.ts';
import { between, pick, type Random } from '../../../core/random.ts';
import type { Actor, DemoPlan, Step } from '../../demo.ts';
import { annuitySchedule } from '../schedule.ts';
import { type CatalogueLoan, RATES } from './catalogue.ts';

const DAY_MS = 86_400_000;
/** How long loans take money, and how long they take to be filled. */
const FUNDING_DAYS = 21;
const FILL_DAYS_MAX = 12;
const EXPIRED_FUNDING_DAYS = 14;
/** Stakes are multiples of this. */
const STAKE_STEP = 25;
/** Amounts and dates are worked out in whole units; the ledger has the currency's own scale. */
const CENTS = 100n;
const DEFAULT_AFTER_DAYS = 90;

interface Moments {
  createdAt: number;
  /** undefined: never fully funded. */
  fundedAt: number | undefined;
  deadlineAt: number;
}

/** Everything that happens to one loan up to `now`, in order of time. */
export function planLoan(
  loan: CatalogueLoan,
  options: Pick<DemoPlan, 'now' | 'random' | 'currency' | 'userId'> & { index: number; investors: readonly Actor[] },
): Step[] {
  const { index, now, random, investors, currency, userId } = options;
  const uuid = uuidOfName(`demo/loan/${index}`);
  const loanId = formatId('loan', uuid);
  const apr = rateOf(loan, random);
  const moments = momentsOf(loan, now, random);
  const borrower = `borrower-${loan.borrower + 1}`;
  const steps: Step[] = [
    {
      at: moments.createdAt,
      name: `loan/${index}/create`,
      actor: 'operator',
      kind: 'create_loan',
      params: {
        loan_id: loanId,
        borrower_id: userId(borrower),
        purpose: loan.purpose,
        amount: String(loan.amount),
        apr,
        term_months: loan.termMonths,
        grade: loan.grade,
        funding_deadline: new Date(moments.deadlineAt).toISOString(),
      },
    },
    ...fundings(loan, { index, loanId, moments, now, random, investors }),
  ];
  if (loan.fate.type === 'expired') {
    const at = moments.deadlineAt + 60_000;
    steps.push({
      at,
      name: `expire/${uuid}/${dateOf(at)}`,
      actor: null,
      kind: 'expire_loan',
      params: { loan_id: loanId },
    });
  }
  if (moments.fundedAt !== undefined) {
    const { fundedAt } = moments;
    const spent = { merchant: loan.merchant, item: loan.purpose, quantity: 1, price: String(loan.amount) };
    steps.push({ at: fundedAt + DAY_MS / 2, name: `loan/${index}/spend`, actor: borrower, kind: 'pay', params: spent });
    steps.push(...repayments(loan, { index, uuid, apr, fundedAt, borrower, currency }));
  }
  return steps;
}

function rateOf({ grade }: CatalogueLoan, random: Random): string {
  const [min, max] = RATES[grade];
  // Quarter per cents, as lenders quote them, near enough: two places of a per cent.
  return (min + Math.round((random() * (max - min)) / 0.0005) * 0.0005).toFixed(4);
}

/** Counts back from what the loan has to look like now. */
function momentsOf({ fate, termMonths }: CatalogueLoan, now: number, random: Random): Moments {
  const hour = between(random, 7, 20) * 3_600_000 + between(random, 0, 59) * 60_000;
  const today = dateOf(now);
  const dayAt = (date: string): number => Date.parse(`${date}T00:00:00Z`) + hour;
  if (fate.type === 'open') {
    const createdAt = dayAt(addDays(today, -between(random, 1, 12)));
    return { createdAt, fundedAt: undefined, deadlineAt: createdAt + (FUNDING_DAYS + between(random, 0, 9)) * DAY_MS };
  }
  if (fate.type === 'expired') {
    const deadlineAt = dayAt(addDays(today, -between(random, 5, 200)));
    return { createdAt: deadlineAt - EXPIRED_FUNDING_DAYS * DAY_MS, fundedAt: undefined, deadlineAt };
  }
  const fundedAt = dayAt(addDays(addMonths(today, -monthsSinceFunding(fate, termMonths)), -between(random, 3, 20)));
  const createdAt = fundedAt - between(random, 3, FILL_DAYS_MAX) * DAY_MS;
  return { createdAt, fundedAt, deadlineAt: createdAt + FUNDING_DAYS * DAY_MS };
}

function monthsSinceFunding(
  fate: Exclude<CatalogueLoan['fate'], { type: 'open' | 'expired' }>,
  termMonths: number,
): number {
  switch (fate.type) {
    case 'repaying':
      return fate.paid;
    case 'late':
      return fate.paid + 1;
    case 'defaulted':
      return fate.paid + 1 + 4;
    case 'repaid':
      return termMonths + 1;
  }
}

interface FundingContext {
  index: number;
  loanId: string;
  moments: Moments;
  now: number;
  random: Random;
  investors: readonly Actor[];
}

/** Stakes of different investors until the loan is as full as it has to be. The last one is the moment of the funding. */
function fundings({ amount, fate }: CatalogueLoan, context: FundingContext): Step[] {
  const { index, loanId, moments, now, random, investors } = context;
  const percent = fate.type === 'open' || fate.type === 'expired' ? fate.percent : 100;
  const target = percent === 100 ? amount : Math.floor((amount * percent) / 100 / STAKE_STEP) * STAKE_STEP;
  const until = moments.fundedAt ?? Math.min(now - 3_600_000, moments.deadlineAt - DAY_MS);
  const steps: Step[] = [];
  for (let open = target; open > 0; ) {
    const wish = Math.max(STAKE_STEP, Math.round((amount * (0.04 + random() * 0.16)) / STAKE_STEP) * STAKE_STEP);
    // What would be left over joins the last stake.
    const stake = open - wish < STAKE_STEP ? open : wish;
    open -= stake;
    const share = (target - open) / target;
    const at = Math.round(moments.createdAt + (until - moments.createdAt) * share);
    const actor = pick(random, investors) as Actor;
    const params = { loan_id: loanId, amount: String(stake) };
    steps.push({ at, name: `loan/${index}/fund/${steps.length}`, actor, kind: 'fund_loan', params });
  }
  return steps;
}

interface RepaymentContext {
  index: number;
  uuid: string;
  apr: string;
  fundedAt: number;
  borrower: Actor;
  currency: string;
}

/** The borrower brings the money on the day, and Millrace collects it; or does not, and the loan becomes late. */
function repayments(loan: CatalogueLoan, context: RepaymentContext): Step[] {
  const { index, uuid, apr, fundedAt, borrower, currency } = context;
  const { fate, termMonths } = loan;
  const loanId = formatId('loan', uuid);
  const schedule = annuitySchedule({
    amount: BigInt(loan.amount) * CENTS,
    apr,
    termMonths,
    startDate: dateOf(fundedAt),
  });
  const paid = fate.type === 'repaid' ? termMonths : fate.type === 'open' || fate.type === 'expired' ? 0 : fate.paid;
  const collect = (number: number, date: string, hour: number): Step => ({
    at: Date.parse(`${date}T00:00:00Z`) + hour * 3_600_000,
    name: `collect/${uuid}/${number}/${date}`,
    actor: null,
    kind: 'collect_installment',
    params: { loan_id: loanId, number },
  });

  const steps = schedule.slice(0, paid).flatMap(({ number, dueDate, principal, interest }) => {
    const at = Date.parse(`${dueDate}T05:30:00Z`);
    // One unit more than the instalment, so that an account of a currency without cents is not short of one either.
    const amount = String((principal + interest) / CENTS + 1n);
    const deposit: Step = {
      at,
      name: `loan/${index}/deposit/${number}`,
      actor: borrower,
      kind: 'deposit',
      params: { asset: currency, amount },
    };
    return [deposit, collect(number, dueDate, 6)];
  });
  const missed = schedule[paid];
  if (missed && (fate.type === 'late' || fate.type === 'defaulted'))
    steps.push(collect(missed.number, missed.dueDate, 6));
  if (missed && fate.type === 'defaulted') {
    const date = addDays(missed.dueDate, DEFAULT_AFTER_DAYS);
    const at = Date.parse(`${date}T06:30:00Z`);
    steps.push({
      at,
      name: `default/${uuid}/${missed.number}/${date}`,
      actor: null,
      kind: 'default_loan',
      params: { loan_id: loanId },
    });
  }
  return steps;
}
