import { randomUUID } from 'node:crypto';
import { basename, extname } from 'node:path';
import type { Context } from '../context.ts';
import { CliFailure, type ExitName } from '../failure.ts';
import { serverOf } from '../server.ts';
import type { CurrencyScale } from '../submit/cells.ts';
import { readCsv } from '../submit/csv.ts';
import { type Entry, type FileFormat, readNdjson, runKeyOf } from '../submit/entry.ts';
import {
  noProgressFile,
  noRejects,
  openProgressFile,
  openRejects,
  type ProgressFile,
  type Rejects,
} from '../submit/files.ts';
import { hashOf, type Input, openInput, readLines } from '../submit/input.ts';
import { createProgressBar } from '../submit/progress-bar.ts';
import { outcomesOf } from '../submit/run.ts';
import { addOutcome, renderSummary, type Summary } from '../submit/summary.ts';

export interface OrdersSubmitOptions {
  format?: FileFormat;
  kind?: string;
  runId?: string;
  parallel: number;
  rejects?: string;
}

const STDIN = '-';

/** Sends a file of orders; what was interrupted goes on where it stopped, and nothing acts twice. */
export async function ordersSubmit(context: Context, file: string, options: OrdersSubmitOptions): Promise<ExitName> {
  const { output } = context;
  const { client, url } = serverOf(context);
  const format = options.format ?? formatOf(file);
  const input = file === STDIN ? openInput(undefined) : openInput(file);
  const { id: userId } = await client.me({ signal: context.signal });
  const { currency } = await client.installation.get({ signal: context.signal });
  const runKey = await runKeyFor(context, { file, userId, runId: options.runId });
  const run = runKey.toString('hex');
  const progressFile = file === STDIN ? noProgressFile(run) : openProgressFile(`${file}.progress`, run);
  const rejects =
    options.rejects === undefined ? noRejects : openRejects(options.rejects, progressFile.start.rejects_bytes);
  if (progressFile.start.line > 0) output.note(`Going on behind line ${progressFile.start.line}.`);
  output.note(`Submitting ${file === STDIN ? 'standard input' : file} to ${url} …`);
  const summary = await send(context, { input, format, currency, runKey, client, progressFile, rejects, options });
  progressFile.remove();
  output.result(summary, () => renderSummary(summary));
  return summary.not_accepted > 0 ? 'orders_refused' : 'ok';
}

interface Work {
  input: Input;
  format: FileFormat;
  currency: CurrencyScale;
  runKey: Buffer;
  client: ReturnType<typeof serverOf>['client'];
  progressFile: ProgressFile;
  rejects: Rejects;
  options: OrdersSubmitOptions;
}

async function send(context: Context, work: Work): Promise<Summary> {
  const { input, format, currency, runKey, client, progressFile, rejects, options } = work;
  const { start } = progressFile;
  const { summary } = start;
  const bar = createProgressBar(process.stderr);
  const lines = readLines(input.chunks);
  const entries: AsyncIterable<Entry> =
    format === 'csv' ? readCsv(lines, { kind: options.kind, currency }) : readNdjson(lines, options.kind);
  let line = start.line;
  const progress = () => ({ run: start.run, line, summary, rejects_bytes: rejects.bytes() });
  try {
    const batches = outcomesOf({
      entries,
      afterLine: start.line,
      runKey,
      orders: client.orders,
      parallel: options.parallel,
      signal: context.signal,
      waiting: bar.waiting,
    });
    for await (const batch of batches) {
      for (const outcome of batch) addOutcome(summary, outcome);
      line = batch.at(-1)?.line ?? line;
      rejects.write(batch);
      progressFile.save(progress());
      bar.update(summary, input.fraction());
    }
    return summary;
  } catch (error) {
    progressFile.save(progress(), true);
    throw context.signal.aborted ? interrupted(work, error) : error;
  } finally {
    bar.end();
    rejects.close();
  }
}

function interrupted({ input }: Work, cause: unknown): CliFailure {
  const hint = input.resumable
    ? 'Run the same command again to go on where it stopped.'
    : 'Send the same input with the same --run-id to go on: nothing acts twice.';
  return new CliFailure('interrupted', 'interrupted', { hint, cause });
}

/** The same file gives the same ids, and so does the same run id; input that cannot be read twice needs one. */
async function runKeyFor(
  { output }: Context,
  { file, userId, runId }: { file: string; userId: string; runId: string | undefined },
): Promise<Buffer> {
  if (runId !== undefined) return runKeyOf({ userId, runId });
  if (file !== STDIN) return runKeyOf({ userId, fileName: basename(file), contentHash: await hashOf(file) });
  const made = randomUUID();
  output.note(`Run id ${made}: should this be interrupted, send the same input with --run-id ${made}.`);
  return runKeyOf({ userId, runId: made });
}

function formatOf(file: string): FileFormat {
  const extension = extname(file).toLowerCase();
  if (extension === '.csv') return 'csv';
  if (extension === '.ndjson' || extension === '.jsonl') return 'ndjson';
  throw new CliFailure('usage', `the format of ${file === STDIN ? 'standard input' : file} is not known`, {
    hint: 'Say --format ndjson or --format csv.',
  });
}
