import type { Orders } from '@millrace/client';
import { REASONS, type WireBatchResult } from '@millrace/contract';
import { type Entry, orderIdOf } from './entry.ts';
import { type NumberedOrder, sendBatch } from './send.ts';
import type { LineOutcome } from './summary.ts';

/** The pipeline commits up to 1,000 at once; half of that keeps answers and what an interruption repeats small. */
export const BATCH_SIZE_MAX = 500;
/** Faulty lines that are kept with a batch; a file of nothing but faults must not gather in memory. */
const BATCH_ENTRIES_MAX = 2_000;

export interface RunOptions {
  entries: AsyncIterable<Entry>;
  /** Lines up to this one have their outcome already. */
  afterLine: number;
  runKey: Buffer;
  orders: Pick<Orders, 'submitBatch'>;
  /** 1 keeps the order of the file. */
  parallel: number;
  signal: AbortSignal;
  waiting: (reason: string) => void;
  delayMs?: number;
}

/** Sends the entries and yields the outcomes in the order of the lines, batch by batch. */
export async function* outcomesOf(options: RunOptions): AsyncGenerator<LineOutcome[]> {
  const underWay: Promise<LineOutcome[]>[] = [];
  try {
    for await (const batch of batchesOf(options)) {
      const sent = outcomesOfBatch(batch, options);
      // Awaited below; until then a failure is not an unhandled one.
      sent.catch(() => {});
      underWay.push(sent);
      if (underWay.length >= options.parallel) yield await (underWay.shift() as Promise<LineOutcome[]>);
    }
    while (underWay.length > 0) yield await (underWay.shift() as Promise<LineOutcome[]>);
  } finally {
    await Promise.allSettled(underWay);
  }
}

async function* batchesOf({ entries, afterLine, signal }: RunOptions): AsyncGenerator<Entry[]> {
  let batch: Entry[] = [];
  let orders = 0;
  for await (const entry of entries) {
    signal.throwIfAborted();
    if (entry.line <= afterLine) continue;
    batch.push(entry);
    if ('order' in entry) orders += 1;
    if (orders < BATCH_SIZE_MAX && batch.length < BATCH_ENTRIES_MAX) continue;
    yield batch;
    batch = [];
    orders = 0;
  }
  if (batch.length > 0) yield batch;
}

async function outcomesOfBatch(batch: readonly Entry[], options: RunOptions): Promise<LineOutcome[]> {
  const numbered: NumberedOrder[] = [];
  for (const entry of batch) {
    if (!('order' in entry)) continue;
    numbered.push({
      line: entry.line,
      order: { ...entry.order, id: entry.order.id ?? orderIdOf(options.runKey, entry.line) },
    });
  }
  const results = numbered.length === 0 ? [] : await sendBatch(numbered, options);
  const byLine = new Map(
    numbered.map(({ line, order }, index) => [line, outcomeOf(line, order, results[index] as WireBatchResult)]),
  );
  return batch.map((entry) => byLine.get(entry.line) ?? malformed(entry));
}

function outcomeOf(line: number, order: NumberedOrder['order'], result: WireBatchResult): LineOutcome {
  if ('problem' in result) {
    const { code, detail, errors = [] } = result.problem;
    const fields = errors.filter((field) => field.detail !== detail).map(fieldText);
    return { line, status: 'refused', reason: code, detail: [detail, ...fields].join(' '), input: order };
  }
  const { status, reason } = result.order;
  return { line, status, reason, detail: reason === null ? null : (REASONS[reason] ?? null), input: order };
}

/** Where in the batch an order stood means nothing to a reader of the file. */
function fieldText({ pointer, detail }: { pointer: string; detail: string }): string {
  return `${pointer.replace(/^\/orders\/\d+\//, '')}: ${detail}.`;
}

function malformed(entry: Entry): LineOutcome {
  const { line } = entry;
  return 'fault' in entry
    ? { line, status: 'malformed', reason: null, detail: entry.fault, input: entry.input }
    : { line, status: 'malformed', reason: null, detail: null, input: entry.order };
}
