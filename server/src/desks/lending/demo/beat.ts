import type { LoanView } from '@millrace/contract';
import { dateOf } from '../../../core/clock.ts';
import { formatId } from '../../../core/ids.ts';
import type { Answer } from '../../../core/order.ts';
import { between, pick } from '../../../core/random.ts';
import { type BucketLimits, TokenBucket } from '../../../core/token-bucket.ts';
import { actorOf, type DemoPerson, type DemoWorld, RESTED } from '../../demo.ts';
import { CATALOGUE, RATES } from './catalogue.ts';
import { BORROWERS, INVESTORS } from './people.ts';

/** While fewer loans than this are open, new ones are opened. */
const OPEN_LOANS_MIN = 10;
/** Of the loans that are looked at, the nearest deadlines and the newest first. */
const LOANS_LOOKED_AT = 50;

const HOUR_SECONDS = 3_600;

/** Loans stay for good, and each that is repaid has a history: a laptop that is left running must stay small. */
const ALLOWANCES = {
  opened: { burst: 12, perSecond: 2 / HOUR_SECONDS },
  repaid: { burst: 30, perSecond: 4 / HOUR_SECONDS },
} as const satisfies Record<string, BucketLimits>;

/** Others invest, borrowers repay, new loans open. */
export function createLendingBeat(world: DemoWorld): () => Promise<string> {
  const { clock, random } = world;
  const opened = new TokenBucket(ALLOWANCES.opened, clock.now());
  const repaid = new TokenBucket(ALLOWANCES.repaid, clock.now());
  const mayTake = (bucket: TokenBucket): boolean => bucket.takeIfThere(clock.now()) === 0;
  return async () => {
    const open = await loansOf(world, 'open');
    if (open.length < OPEN_LOANS_MIN && mayTake(opened)) return openLoan(world);
    if (random() < 0.25 && mayTake(repaid)) return repay(world);
    return fund(world, open);
  };
}

async function loansOf({ ask, caller }: DemoWorld, status: 'open' | 'repaying' | 'late'): Promise<LoanView[]> {
  const query = { status, limit: LOANS_LOOKED_AT };
  const page = await ask('listLoans', caller('operator'), { query });
  return page.ok ? page.value.data : [];
}

/** An investor puts something into an open loan, bringing money in where there is too little. */
async function fund(world: DemoWorld, loans: readonly LoanView[]): Promise<string> {
  const { caller, submit, random, currency } = world;
  const loan = pick(random, loans);
  if (!loan) return RESTED;
  const investor = caller(actorOf(pick(random, INVESTORS) as DemoPerson));
  const amount = String(25 * between(random, 1, 24));
  const params = { loan_id: loan.id, amount, allow_partial: true };
  const answer = await submit(investor, { kind: 'fund_loan', params });
  if (answer.ok && answer.order.reason === 'insufficient_funds') {
    await submit(investor, { kind: 'deposit', params: { asset: currency, amount: '25000' } });
    return outcomeOf(await submit(investor, { kind: 'fund_loan', params }), 'funded');
  }
  return outcomeOf(answer, 'funded');
}

/** Those whose loans are late or in default stay like that: a demonstration has to show it. */
const BAD_PAYERS: ReadonlySet<string> = new Set(
  CATALOGUE.filter(({ fate }) => fate.type === 'late' || fate.type === 'defaulted').map(
    ({ borrower }) => `borrower-${borrower + 1}`,
  ),
);
const GOOD_PAYERS = BORROWERS.map(actorOf).filter((name) => !BAD_PAYERS.has(name));

/**
 * A virtual borrower brings the next instalment in, and pays it. Late loans too: where the machine was off on the day,
 * nobody had brought money for the collection.
 */
async function repay(world: DemoWorld): Promise<string> {
  const { caller, submit, ask, random, currency } = world;
  const loan = pick(random, [...(await loansOf(world, 'repaying')), ...(await loansOf(world, 'late'))]);
  if (!loan) return RESTED;
  const found = await ask('getLoan', caller('operator'), { params: { id: loan.id } });
  const detail = found.ok ? found.value : undefined;
  const next = detail?.schedule.find(({ status }) => status !== 'paid');
  const borrower = GOOD_PAYERS.map(caller).find(({ userId }) => formatId('user', userId) === detail?.borrower_id);
  // A loan that was made for a real borrower is not ours to repay.
  if (!next || !borrower) return RESTED;
  await submit(borrower, { kind: 'deposit', params: { asset: currency, amount: next.payment } });
  return outcomeOf(await submit(borrower, { kind: 'repay_loan', params: { loan_id: loan.id } }), 'repaid');
}

const FUNDING_DAYS_MIN = 7;
const FUNDING_DAYS_MAX = 28;

/** The operator opens a loan like one of the catalogue, for one of the virtual borrowers. */
async function openLoan({ caller, submit, clock, random }: DemoWorld): Promise<string> {
  const model = pick(random, CATALOGUE) as (typeof CATALOGUE)[number];
  const borrower = caller(pick(random, GOOD_PAYERS) as string);
  const [min, max] = RATES[model.grade];
  const day = dateOf(clock.now() + between(random, FUNDING_DAYS_MIN, FUNDING_DAYS_MAX) * 86_400_000);
  const answer = await submit(caller('operator'), {
    kind: 'create_loan',
    params: {
      borrower_id: formatId('user', borrower.userId),
      purpose: model.purpose,
      amount: String(Math.round((model.amount * (0.6 + random() * 0.8)) / 100) * 100),
      apr: (min + random() * (max - min)).toFixed(4),
      term_months: model.termMonths,
      grade: model.grade,
      funding_deadline: `${day}T18:00:00.000Z`,
    },
  });
  return outcomeOf(answer, 'opened');
}

function outcomeOf(answer: Answer, done: string): string {
  return answer.ok && answer.order.status === 'completed' ? done : RESTED;
}
