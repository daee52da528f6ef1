import type pg from 'pg';
import type { Logger } from 'pino';
import { type Clock, type SettableClock, settableClock } from '../../core/clock.ts';
import { formatId, uuidOfName } from '../../core/ids.ts';
import { seededRandom } from '../../core/random.ts';
import { type Actor, LAST_STEP, type Step } from '../../desks/demo.ts';
import { DESKS } from '../../desks/index.ts';
import type { DeskModule } from '../../desks/module.ts';
import type { Answer, Intake } from '../../intake/intake.ts';
import { requirePlayMoney } from './allowed.ts';
import { type Cast, personOf } from './people.ts';

export interface SeedOptions {
  pool: pg.Pool;
  /** Intake by another clock: the history is made by the same commands as everything else, at the times it tells of. */
  intakeAt: (clock: Clock) => Intake;
  /** With one shard a fortnight's commands are decided together; with more only one by one keeps their order. */
  shardCount: number;
  /** The code of the installation's currency. */
  currency: string;
  /** The name of what brings money in and out; null: nothing does. */
  gateway: string | null;
  log: Logger;
}

/**
 * A batch may span this much business time: what the pipeline sums up at the end of a batch carries the time of the
 * batch's last command.
 */
const WINDOW_MS = 14 * 86_400_000;
/** Fits into one batch of the pipeline, and into what one user may have under way. */
const WINDOW_STEPS_MAX = 500;

/**
 * Gives a demonstration its history: what its desks plan for the past year, made by real commands through intake. Does nothing
 * where it is complete, and goes on where it was interrupted: times and ids depend on when the installation was made, not on
 * when this runs.
 *
 * @returns whether there was anything to do.
 * @throws Error where a command does not come out as it must; with the code `config_invalid` where there is something to do and no
 *   play money to do it with: then nothing was submitted.
 */
export async function seedHistory(cast: Cast, options: SeedOptions): Promise<boolean> {
  const { pool, intakeAt, shardCount, log } = options;
  const { rows } = await pool.query<{ created_at: Date; complete: boolean }>(
    'select created_at, exists (select from orders where id = any ($1::uuid[])) as complete from installation',
    [[orderUuid(LAST_STEP), OLD_LAST_STEP]],
  );
  const installation = rows[0];
  if (!installation || installation.complete) return false;
  requirePlayMoney(options.gateway ?? 'none');
  const began = performance.now();
  const now = installation.created_at.getTime();
  const clock = settableClock(now);
  const submit = submitterOf(cast, { intake: intakeAt(clock), clock });
  const steps = planHistory(cast, { now, currency: options.currency });
  clock.set((steps[0] as Step).at);
  for (const { prepare } of DEMOS) await prepare?.(steps, { pool, clock });
  for (const window of windowsOf(steps, shardCount === 1 ? WINDOW_STEPS_MAX : 1)) {
    await Promise.all(window.map(submit));
  }
  log.info({ commands: steps.length, ms: Math.round(performance.now() - began) }, 'the demonstration has its history');
  return true;
}

/** The last step in a history that was made before version 8 became the system's own: only the version differs. */
const OLD_LAST_STEP = orderUuid(LAST_STEP).replace(/(?<=^.{14})5/, '8');

function orderUuid(name: string): string {
  return uuidOfName(`demo/${name}`);
}

const DAY_MS = 86_400_000;
/** Before the oldest loan: twelve months of instalments, and the time until they were due. */
const BEGIN_DAYS = 430;

const DEMOS = DESKS.flatMap(({ demo }: DeskModule) => demo ?? []);

/** Everything that happens up to `now`, in order of time. The same for the same `now`. */
function planHistory(cast: Cast, { now, currency }: { now: number; currency: string }): Step[] {
  const random = seededRandom(20_261_121);
  const userId = (actor: Actor): string => formatId('user', personOf(cast, actor).userId);
  const plan = { now, begin: now - BEGIN_DAYS * DAY_MS, random, currency, userId };
  const steps = DEMOS.flatMap(({ history }) => history?.(plan) ?? []).sort((a, b) => a.at - b.at);
  if (steps.at(-1)?.name !== LAST_STEP) throw new Error(`the history does not end with ${LAST_STEP}`);
  return steps;
}

function* windowsOf(steps: readonly Step[], sizeMax: number): Generator<Step[]> {
  let window: Step[] = [];
  for (const step of steps) {
    const first = window[0];
    if (first && (window.length >= sizeMax || step.at - first.at > WINDOW_MS)) {
      yield window;
      window = [];
    }
    window.push(step);
  }
  if (window.length > 0) yield window;
}

/** Intake takes a command's time before it answers for the first time, so that each command of a window has its own. */
function submitterOf(
  cast: Cast,
  { intake, clock }: { intake: Intake; clock: SettableClock },
): (step: Step) => Promise<void> {
  return async (step) => {
    const { actor, kind, name, params } = step;
    clock.set(step.at);
    const answer = await (actor === null
      ? intake.submitInternal(kind, name, params)
      : intake.submit(personOf(cast, actor), { kind, params, id: formatId('order', orderUuid(name)) }));
    requireOutcome(step, answer);
  };
}

function requireOutcome({ name, kind, expect = 'completed' }: Step, answer: Answer): void {
  const outcome = answer.ok ? `${answer.order.status} ${answer.order.reason ?? ''}`.trim() : answer.problem.detail;
  if (!answer.ok || answer.order.status !== expect)
    throw new Error(
      `the demonstration’s ${kind} ${name} came out as: ${outcome}. If a setting is the reason, change it; then empty the ` +
        'demonstration with `npx millrace demo reset`, and start again',
    );
}
