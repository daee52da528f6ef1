import { circuitBreaker, ConsecutiveBreaker, handleAll, timeout, TimeoutStrategy, wrap } from 'cockatiel';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import { formatId } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { enqueue, type NewJob } from '../db/jobs.ts';
import { settlementName } from '../desks/payments/index.ts';
import type { StoredEvent } from '../events/event.ts';
import type { Intake } from '../intake/intake.ts';
import type { Gateway, GatewayAnswer } from './gateway.ts';
import { type Consumer, createConsumer } from './consumer.ts';
import type { JobTask } from './job.ts';
import type { RoutedJob } from './routed.ts';
import { submitted } from './submitted.ts';

/** The name of the jobs. */
export const WITHDRAW = 'withdraw';

const HOUR_MS = 3_600_000;
const DEADLINE_MS = 24 * HOUR_MS;
const CALL_TIMEOUT_MS = 10_000;
/** So many failures one after another mean that the gateway is down: asking waits, instead of every job for its own timeout. */
const FAILURES_MAX = 5;
const BREAK_MS = 10_000;

export interface WithdrawalsOptions {
  intake: Pick<Intake, 'submitInternal'>;
  gateway: Gateway;
  clock: Clock;
  log: Logger;
  pool: pg.Pool;
  shards: readonly number[];
  /** From the request until the gateway may no longer pay, in business time. Default 24 hours. */
  deadlineMs?: number;
  /** How long one call of the gateway may take. Default 10 s. */
  callTimeoutMs?: number;
}

export interface Withdrawals {
  /** Makes a job of each withdrawal that was requested, exactly once. */
  consumer: Consumer;
  /** What does such a job. */
  job: RoutedJob;
}

/** A job's payload: what the gateway has to know, and since when. */
interface WithdrawalJob {
  order_id: string;
  user_id: string;
  asset: string;
  amount: string;
  requested_at: string;
}

/**
 * Brings requested withdrawals to the gateway and its answers back: event → job (in the transaction that moves the cursor)
 * → `send_withdrawal` → the gateway → `settle_withdrawal`. A crash between any two of them is harmless: the job is done
 * again from its beginning, and both commands and the gateway act once per order. While the gateway does not answer, the money
 * stays set aside.
 */
export function createWithdrawals(options: WithdrawalsOptions): Withdrawals {
  const { pool, log, shards } = options;
  const task = withdrawTask(options);
  const job = { name: WITHDRAW, task, subjectOf: withdrawalOrder, keyOf: withdrawalKey };
  const consumer = createConsumer({
    name: 'withdrawals',
    pool,
    log,
    shards,
    types: ['withdrawal_requested'],
    handle: (events, client) => enqueue(client, WITHDRAW, events.map(jobOf)),
  });
  return { consumer, job };
}

function jobOf({ data, at }: StoredEvent): NewJob {
  const payload = { ...data, requested_at: at };
  return { jobKey: withdrawalKey(payload), payload };
}

/** A withdrawal has one job at most, by this key. */
function withdrawalKey(payload: JsonObject): string {
  return `${WITHDRAW}/${withdrawalOrder(payload)}`;
}

/** `ord_…` */
function withdrawalOrder(payload: JsonObject): string {
  return (payload as unknown as WithdrawalJob).order_id;
}

/** The same job, made from the order itself. */
export function withdrawalJob(order: {
  id: string;
  user_id: string;
  asset: string;
  amount: string;
  requestedAt: string;
}): NewJob {
  const payload = {
    order_id: formatId('order', order.id),
    user_id: formatId('user', order.user_id),
    asset: order.asset,
    amount: order.amount,
    requested_at: order.requestedAt,
  };
  return { jobKey: withdrawalKey(payload), payload };
}

function withdrawTask(options: WithdrawalsOptions): JobTask {
  const { intake, clock, log, deadlineMs = DEADLINE_MS } = options;
  const ask = guarded(options);

  /** Whoever did not answer may have paid: only an answer ends a withdrawal, however late it comes. */
  async function answerTo(job: WithdrawalJob, signal: AbortSignal): Promise<GatewayAnswer> {
    const expiresAt = Date.parse(job.requested_at) + deadlineMs;
    const instruction = { orderId: job.order_id, userId: job.user_id, asset: job.asset, amount: job.amount, expiresAt };
    try {
      return await ask(instruction, signal);
    } catch (error) {
      if (!signal.aborted && clock.now() >= expiresAt) {
        log.error(
          { err: error, order_id: job.order_id },
          'the gateway has not answered within the deadline: only it knows whether it has paid',
        );
      }
      throw error;
    }
  }

  return async (payload, { signal }) => {
    const job = payload as unknown as WithdrawalJob;
    const about = { order_id: job.order_id };
    const send = await intake.submitInternal('send_withdrawal', `withdrawal/${job.order_id}/send`, about);
    // Rejected: it was canceled before.
    if (submitted(send).status === 'rejected') return;
    const answer = await answerTo(job, signal);
    const { approved } = answer;
    const params = { ...about, approved, ...('expired' in answer ? { reason: 'deadline_passed' } : {}) };
    const settled = submitted(await intake.submitInternal('settle_withdrawal', settlementName(job.order_id), params));
    const isPaid = settled.result['status'] === 'completed';
    if (isPaid !== approved) {
      log.error(
        { order_id: job.order_id, approved, status: settled.result['status'] },
        'the gateway and the books disagree',
      );
    }
  };
}

/** The gateway's port, with a limit of time for each call and a pause where it keeps failing. */
function guarded({ gateway, callTimeoutMs = CALL_TIMEOUT_MS }: WithdrawalsOptions): Gateway['pay'] {
  const breaker = circuitBreaker(handleAll, { halfOpenAfter: BREAK_MS, breaker: new ConsecutiveBreaker(FAILURES_MAX) });
  const policy = wrap(breaker, timeout(callTimeoutMs, TimeoutStrategy.Aggressive));
  return (instruction, stop) => policy.execute(({ signal }) => gateway.pay(instruction, signal), stop);
}
