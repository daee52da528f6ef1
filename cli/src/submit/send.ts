import { MillraceError, type Orders } from '@millrace/client';
import type { WireBatchResult, WireOrderRequest } from '@millrace/contract';
import { setTimeout as delay } from 'node:timers/promises';
import { CliFailure } from '../failure.ts';
import type { FileOrder } from './entry.ts';

/** An order with the line that it stands on. It has its id by now. */
export interface NumberedOrder {
  line: number;
  order: FileOrder & { id: string };
}

export interface SendOptions {
  orders: Pick<Orders, 'submitBatch'>;
  signal: AbortSignal;
  /** Told when the server makes us wait. */
  waiting: (reason: string) => void;
  /** Before the first repetition; doubles each time. Default 200. */
  delayMs?: number;
}

/** With pauses that grow to 10 s, a restart of up to about five minutes is waited for; then the run can be resumed. */
const ATTEMPTS_MAX = 35;
const DELAY_MS = 200;
const DELAY_MAX_MS = 10_000;
/** What a busy server asks for is seconds; a server that asks for more than this is not waited for. */
const RETRY_AFTER_MAX_MS = 120_000;

/** Refusals that say nothing about the order itself: the same order is sent again. */
const TRY_AGAIN = new Set([
  'rate_limited',
  'overloaded',
  'database_busy',
  'shutting_down',
  'not_ready',
  'outcome_unknown',
  'idempotency_in_flight',
]);
/** Refusals of a whole request that one order in it may have caused. */
const ABOUT_AN_ORDER = new Set(['invalid_request', 'invalid_json', 'invalid_amount', 'payload_too_large']);

/**
 * Sends a batch until each order has an answer that stays: one result for each, in order. What is lost on the way is sent
 * again under the same ids, so that it acts once.
 *
 * @throws MillraceError where the server lets nothing through (wrong token, not reachable for minutes).
 */
export async function sendBatch(batch: readonly NumberedOrder[], options: SendOptions): Promise<WireBatchResult[]> {
  const results = new Map<NumberedOrder, WireBatchResult>();
  let open = batch;
  for (let attempt = 1; ; attempt += 1) {
    const answers = await sendOrHalve(open, options);
    open = open.filter((numbered, index) => {
      const answer = answers[index] as WireBatchResult;
      results.set(numbered, answer);
      return 'problem' in answer && TRY_AGAIN.has(answer.problem.code);
    });
    if (open.length === 0) return batch.map((numbered) => results.get(numbered) as WireBatchResult);
    const last = results.get(open[0] as NumberedOrder) as { problem: { code: string; detail: string } };
    if (attempt >= ATTEMPTS_MAX)
      throw new CliFailure('unreachable', `the server takes no more orders: ${last.problem.detail}`);
    options.waiting(last.problem.code);
    await delay(Math.min(DELAY_MAX_MS, (options.delayMs ?? DELAY_MS) * 2 ** (attempt - 1)), undefined, {
      signal: options.signal,
    });
  }
}

/** Where the request as a whole is refused, halves of it find the order that is to blame; the others go through. */
async function sendOrHalve(batch: readonly NumberedOrder[], options: SendOptions): Promise<WireBatchResult[]> {
  try {
    return await sendOnce(batch, options);
  } catch (error) {
    if (!(error instanceof MillraceError) || !ABOUT_AN_ORDER.has(error.code)) throw error;
    if (batch.length === 1) return [refusal(error)];
    const middle = batch.length >> 1;
    return [
      ...(await sendOrHalve(batch.slice(0, middle), options)),
      ...(await sendOrHalve(batch.slice(middle), options)),
    ];
  }
}

async function sendOnce(
  batch: readonly NumberedOrder[],
  { orders, signal, delayMs }: SendOptions,
): Promise<WireBatchResult[]> {
  const results = await orders.submitBatch(
    batch.map(({ order }) => order as unknown as WireOrderRequest),
    {
      signal,
      retry: {
        attemptsMax: ATTEMPTS_MAX,
        delayMs: delayMs ?? DELAY_MS,
        delayMaxMs: DELAY_MAX_MS,
        retryAfterMaxMs: RETRY_AFTER_MAX_MS,
      },
    },
  );
  if (results.length !== batch.length) {
    throw new CliFailure(
      'failed',
      `the server answered ${results.length} of ${batch.length} orders: is this a Millrace server?`,
    );
  }
  return results;
}

function refusal(error: MillraceError): WireBatchResult {
  const { status, message: detail, requestId = '' } = error;
  return {
    status,
    problem: { type: '', title: '', status, detail, code: error.code, request_id: requestId },
  } as WireBatchResult;
}
