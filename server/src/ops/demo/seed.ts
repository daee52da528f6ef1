import type { KindName } from '@millrace/contract';
import type pg from 'pg';
import type { Logger } from 'pino';
import { type SettableClock, settableClock } from '../../core/clock.ts';
import type { JsonObject } from '../../core/json.ts';
import { createMerchants } from '../../desks/payments/index.ts';
import type { Clock } from '../../core/clock.ts';
import { formatId, uuidOfName } from '../../core/ids.ts';
import type { Answer, Intake } from '../../intake/intake.ts';
import type { Cast } from './people.ts';
import { LAST_STEP, planHistory } from './plan.ts';
import type { Step } from './plan-loan.ts';

export interface SeedOptions {
  pool: pg.Pool;
  /** Intake by another clock: the history is made by the same commands as everything else, at the times it tells of. */
  intakeAt: (clock: Clock) => Intake;
  /** With one shard a fortnight's commands are decided together; with more only one by one keeps their order. */
  shardCount: number;
  /** The asset of deposits and transfers. */
  currency: string;
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
 * Gives a demonstration its history: forty loans over the past year, made by real commands through intake. Does nothing
 * where it is complete, and goes on where it was interrupted: times and ids depend on when the installation was made, not on
 * when this runs.
 *
 * @returns whether there was anything to do.
 * @throws Error where a command does not come out as it must.
 */
export async function seedHistory(cast: Cast, options: SeedOptions): Promise<boolean> {
  const { pool, intakeAt, shardCount, log } = options;
  const { rows } = await pool.query<{ created_at: Date; complete: boolean }>(
    'select created_at, exists (select from orders where id = any ($1::uuid[])) as complete from installation',
    [[orderUuid(LAST_STEP), OLD_LAST_STEP]],
  );
  const installation = rows[0];
  if (!installation || installation.complete) return false;
  const began = performance.now();
  const now = installation.created_at.getTime();
  const clock = settableClock(now);
  const submit = submitterOf(cast, { intake: intakeAt(clock), clock, currency: options.currency });
  const steps = planHistory(now);
  await registerMerchants(steps, { pool, clock });
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

/** Everybody who is paid in this history, as of its beginning. Those that an interrupted run has registered are there. */
async function registerMerchants(steps: readonly Step[], at: { pool: pg.Pool; clock: SettableClock }): Promise<void> {
  at.clock.set((steps[0] as Step).at);
  const merchants = createMerchants(at);
  const handles = new Set(steps.flatMap(({ kind, params }) => (kind === 'pay' ? [String(params['merchant'])] : [])));
  for (const handle of handles) await merchants.register({ handle, name: nameOf(handle) });
}

/** `corner-books` → "Corner books" */
function nameOf(handle: string): string {
  const words = handle.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
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

interface SubmitOptions {
  intake: Intake;
  clock: SettableClock;
  currency: string;
}

/** Intake takes a command's time before it answers for the first time, so that each command of a window has its own. */
function submitterOf(cast: Cast, { intake, clock, currency }: SubmitOptions): (step: Step) => Promise<void> {
  const userId = (actor: unknown): string => {
    const caller = cast.get(String(actor));
    if (!caller) throw new Error(`nobody in the demonstration is called ${String(actor)}`);
    return formatId('user', caller.userId);
  };
  const resolve = ({ kind, params }: Step): JsonObject => ({
    ...params,
    ...(kind === 'create_loan' ? { borrower_id: userId(params['borrower_id']) } : {}),
    ...(kind === 'transfer' ? { to_user: userId(params['to_user']) } : {}),
    ...(kind === 'deposit' || kind === 'transfer' ? { asset: currency } : {}),
  });

  return async (step) => {
    clock.set(step.at);
    const params = resolve(step);
    const caller = step.actor === null ? undefined : cast.get(step.actor);
    const answer = await (caller
      ? intake.submit(caller, { kind: step.kind, params, id: formatId('order', orderUuid(step.name)) })
      : intake.submitInternal(step.kind as KindName, step.name, params));
    requireOutcome(step, answer);
  };
}

function requireOutcome({ name, kind, expect = 'completed' }: Step, answer: Answer): void {
  const outcome = answer.ok ? `${answer.order.status} ${answer.order.reason ?? ''}`.trim() : answer.problem.detail;
  if (!answer.ok || answer.order.status !== expect)
    throw new Error(`the demonstration’s ${kind} ${name} came out as: ${outcome}`);
}
