import type { KindName } from '@millrace/contract';
import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import type { JsonObject } from '../core/json.ts';
import type { Intake } from '../intake/intake.ts';

/** A command that time has made due. Its id is made of `name`: the same cause acts once, however often it is submitted. */
export interface DueCommand {
  kind: KindName;
  name: string;
  params: JsonObject;
}

/** Knows what time has made due: a desk's queries. */
export interface DueSource {
  /** At most `limit` commands that are due at `at` (ms since the epoch), without those that were decided. */
  due(at: number, limit: number): Promise<readonly DueCommand[]>;
}

export interface DueReport {
  /** Decided, now or before. */
  submitted: number;
  /** Not taken, or broken: the next run submits them again. */
  failed: number;
}

/** Half of a batch of the pipeline, so that orders of users find room in it. */
const ROUND_SIZE = 500;
/** A run ends after 100,000 commands; what is left is there a minute later. */
const ROUNDS_MAX = 200;

export interface DueOptions {
  sources: readonly DueSource[];
  intake: Pick<Intake, 'submitInternal'>;
  clock: Clock;
  log: Logger;
}

/**
 * Submits everything that is due now, round by round, until no source names anything that was not submitted before, or
 * `stop` is aborted.
 */
export async function submitDue(options: DueOptions, stop?: AbortSignal): Promise<DueReport> {
  const report: DueReport = { submitted: 0, failed: 0 };
  for (const source of options.sources) await submitSource(source, options, report, stop);
  return report;
}

async function submitSource(
  source: DueSource,
  options: DueOptions,
  report: DueReport,
  stop: AbortSignal | undefined,
): Promise<void> {
  // At most ROUND_SIZE × ROUNDS_MAX names.
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    if (stop?.aborted) return;
    const due = await source.due(options.clock.now(), ROUND_SIZE);
    // What a rule turned down stays due under its old name: it must not be asked again until the run's end.
    const fresh = due.filter(({ name }) => !seen.has(name));
    if (fresh.length === 0) return;
    for (const { name } of fresh) seen.add(name);
    const failed = await submitRound(fresh, options);
    report.submitted += fresh.length - failed;
    report.failed += failed;
    if (failed > 0) return;
  }
}

/** How many were not decided. */
async function submitRound(commands: readonly DueCommand[], { intake, log }: DueOptions): Promise<number> {
  const answers = await Promise.all(
    commands.map(({ kind, name, params }) => intake.submitInternal(kind, name, params)),
  );
  const codes = new Map<string, string>();
  let failed = 0;
  answers.forEach((answer, index) => {
    if (answer.ok) return;
    failed += 1;
    codes.set(answer.problem.code, (commands[index] as DueCommand).name);
  });
  if (failed > 0)
    log.warn({ failed, of: commands.length, examples: Object.fromEntries(codes) }, 'due commands were not taken');
  return failed;
}
