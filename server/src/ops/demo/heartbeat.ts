import type { LoanView } from '@millrace/contract';
import type { Logger } from 'pino';
import type { Caller } from '../../core/caller.ts';
import { type Clock, dateOf } from '../../core/clock.ts';
import { formatId } from '../../core/ids.ts';
import { type BucketLimits, TokenBucket } from '../../core/token-bucket.ts';
import type { Ask } from '../../desks/resource.ts';
import type { Answer, Intake } from '../../intake/intake.ts';
import { VIRTUAL_BORROWERS, VIRTUAL_INVESTORS } from './cast.ts';
import { CATALOGUE, RATES } from './catalogue.ts';
import { actorOf, type Cast } from './people.ts';
import { between, pick, type Random } from './random.ts';

export interface HeartbeatOptions {
  cast: Cast;
  intake: Intake;
  ask: Ask;
  clock: Clock;
  currency: string;
  log: Logger;
  /** Default Math.random. */
  random?: Random;
  /** Mean time between two beats. Default 4,000 ms: a newcomer who looks for a quarter of a minute sees something happen. */
  intervalMs?: number;
}

export interface Heartbeat {
  start(): void;
  /** Resolves when the beat that is under way has ended. */
  stop(): Promise<void>;
  /** One thing that happens; what it was. For tests, which do not wait. */
  beat(): Promise<Beat>;
}

export type Beat = 'funded' | 'repaid' | 'opened' | 'rested';

const INTERVAL_MS = 4_000;
/** While fewer loans than this are open, new ones are opened. */
const OPEN_LOANS_MIN = 10;
/** Of the loans that are looked at, the nearest deadlines and the newest first. */
const LOANS_LOOKED_AT = 50;

const HOUR_SECONDS = 3_600;

/**
 * A laptop that is left running for a week must stay small: the first half hour is lively, then what is left comes to
 * about 8,000 commands a week, a few megabytes.
 */
const ALLOWANCES = {
  all: { burst: 500, perSecond: 45 / HOUR_SECONDS },
  opened: { burst: 12, perSecond: 2 / HOUR_SECONDS },
  repaid: { burst: 30, perSecond: 4 / HOUR_SECONDS },
} as const satisfies Record<string, BucketLimits>;

/** Makes the demonstration live: others invest, borrowers repay, new loans open. Everything goes through intake. */
export function createHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { clock, log } = options;
  const random = options.random ?? Math.random;
  const intervalMs = options.intervalMs ?? INTERVAL_MS;
  const context: Context = { ...options, random };
  const all = new TokenBucket(ALLOWANCES.all, clock.now());
  const opened = new TokenBucket(ALLOWANCES.opened, clock.now());
  const repaid = new TokenBucket(ALLOWANCES.repaid, clock.now());
  const mayTake = (bucket: TokenBucket): boolean => bucket.takeIfThere(clock.now()) === 0;
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<unknown> = Promise.resolve();
  let stopped = true;

  async function beat(): Promise<Beat> {
    if (!mayTake(all)) return 'rested';
    const open = await loansOf(context, 'open');
    if (open.length < OPEN_LOANS_MIN && mayTake(opened)) return openLoan(context);
    if (random() < 0.25 && mayTake(repaid)) return repay(context);
    return fund(context, open);
  }

  function schedule(): void {
    if (stopped) return;
    // Between half and one and a half of the mean, so that it does not look like a machine.
    timer = setTimeout(
      () => {
        underWay = beat()
          .catch((error: unknown) => log.debug({ err: error }, 'a beat of the demonstration failed'))
          .finally(schedule);
      },
      intervalMs * (0.5 + random()),
    );
    timer.unref();
  }

  return {
    beat,
    start() {
      if (!stopped) return;
      stopped = false;
      schedule();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}

type Context = HeartbeatOptions & { random: Random };

async function loansOf({ ask, cast }: Context, status: 'open' | 'repaying' | 'late'): Promise<LoanView[]> {
  const query = { status, limit: LOANS_LOOKED_AT };
  const page = await ask('listLoans', personOf(cast, 'operator'), { query });
  return page.ok ? page.value.data : [];
}

/** An investor puts something into an open loan, bringing money in where there is too little. */
async function fund(context: Context, loans: readonly LoanView[]): Promise<Beat> {
  const { cast, intake, random, currency } = context;
  const loan = pick(random, loans);
  if (!loan) return 'rested';
  const investor = personOf(cast, `investor-${between(random, 1, VIRTUAL_INVESTORS.length)}`);
  const amount = String(25 * between(random, 1, 24));
  const params = { loan_id: loan.id, amount, allow_partial: true };
  const answer = await intake.submit(investor, { kind: 'fund_loan', params });
  if (answer.ok && answer.order.reason === 'insufficient_funds') {
    await intake.submit(investor, { kind: 'deposit', params: { asset: currency, amount: '25000' } });
    return outcomeOf(await intake.submit(investor, { kind: 'fund_loan', params }), 'funded');
  }
  return outcomeOf(answer, 'funded');
}

/** Those whose loans are late or in default stay like that: a demonstration has to show it. */
const BAD_PAYERS: ReadonlySet<string> = new Set(
  CATALOGUE.filter(({ fate }) => fate.type === 'late' || fate.type === 'defaulted').map(
    ({ borrower }) => `borrower-${borrower + 1}`,
  ),
);
const GOOD_PAYERS = VIRTUAL_BORROWERS.map(actorOf).filter((name) => !BAD_PAYERS.has(name));

/**
 * A virtual borrower brings the next instalment in, and pays it. Late loans too: where the machine was off on the day,
 * nobody had brought money for the collection.
 */
async function repay(context: Context): Promise<Beat> {
  const { cast, intake, ask, random, currency } = context;
  const loan = pick(random, [...(await loansOf(context, 'repaying')), ...(await loansOf(context, 'late'))]);
  if (!loan) return 'rested';
  const found = await ask('getLoan', personOf(cast, 'operator'), { params: { id: loan.id } });
  const detail = found.ok ? found.value : undefined;
  const next = detail?.schedule.find(({ status }) => status !== 'paid');
  const borrower = GOOD_PAYERS.map((name) => personOf(cast, name)).find(
    ({ userId }) => formatId('user', userId) === detail?.borrower_id,
  );
  // A loan that was made for a real borrower is not ours to repay.
  if (!next || !borrower) return 'rested';
  await intake.submit(borrower, { kind: 'deposit', params: { asset: currency, amount: next.payment } });
  return outcomeOf(await intake.submit(borrower, { kind: 'repay_loan', params: { loan_id: loan.id } }), 'repaid');
}

const FUNDING_DAYS_MIN = 7;
const FUNDING_DAYS_MAX = 28;

/** The operator opens a loan like one of the catalogue, for one of the virtual borrowers. */
async function openLoan({ cast, intake, clock, random }: Context): Promise<Beat> {
  const model = pick(random, CATALOGUE) as (typeof CATALOGUE)[number];
  const borrower = personOf(cast, pick(random, GOOD_PAYERS) as string);
  const [min, max] = RATES[model.grade];
  const day = dateOf(clock.now() + between(random, FUNDING_DAYS_MIN, FUNDING_DAYS_MAX) * 86_400_000);
  const answer = await intake.submit(personOf(cast, 'operator'), {
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

function outcomeOf(answer: Answer, done: Beat): Beat {
  return answer.ok && answer.order.status === 'completed' ? done : 'rested';
}

function personOf(cast: Cast, actor: string): Caller {
  const caller = cast.get(actor);
  if (!caller) throw new Error(`nobody in the demonstration is called ${actor}`);
  return caller;
}
