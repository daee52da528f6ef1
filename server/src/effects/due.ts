import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import type { DueCommand, DueSource } from '../desks/module.ts';
import type { Intake } from '../intake/intake.ts';
import type { ClockFault } from './clock-guard.ts';

export interface DueReport {
  /** Decided, now or before. */
  submitted: number;
  /** Not taken, or broken: the next run submits them again. What another process owns is not counted. */
  failed: number;
  /** Whether it ended before everything was submitted: at its bound, or because the clock is not believed. */
  isPartial?: true;
  /** What is wrong with the clock, where it was that: then nothing is known of what was left. A test that moves its clock by more than an installation believes sees it here. */
  heldBy?: ClockFault;
}

/** Half of a batch of the pipeline, so that orders of users find room in it. */
const ROUND_SIZE = 500;
/**
 * Rows that commands under way at once change together, about as many as a full batch of orders does: an instalment changes
 * some for each investor, and a round of the largest loans would hold up everybody's orders for minutes.
 */
const ROUND_WEIGHT_MAX = 5_000;
/**
 * Commands of one run. After a long stop there may be a hundred times as many: they are made up for at this pace, minute after
 * minute, instead of filling queue, events and borrowers' notifications at once. On a normal day nothing is left.
 */
const RUN_COMMANDS_MAX = 10_000;
/** A run ends after so many answers of a source, 100,000 names at most; what is left is there a minute later. */
const ROUNDS_MAX = 200;

export interface DueOptions {
  sources: readonly Pick<DueSource, 'due'>[];
  intake: Pick<Intake, 'submitInternal'>;
  clock: Clock;
  log: Logger;
  /** Why the clock is not believed, or null; asked before each round. Default: it always is. */
  whyHeld?: () => Promise<ClockFault | null>;
  /** Default RUN_COMMANDS_MAX. */
  runCommandsMax?: number;
  /** Told of each portion that was submitted. */
  submitted?: (count: number) => void;
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
  source: Pick<DueSource, 'due'>,
  options: DueOptions,
  report: DueReport,
  stop: AbortSignal | undefined,
): Promise<void> {
  const { whyHeld = async () => null, runCommandsMax: max = RUN_COMMANDS_MAX } = options;
  // At most ROUND_SIZE × ROUNDS_MAX names.
  const seen = new Set<string>();
  // From page to page, so that what stays due, since another process has to decide it, is read once each time through.
  let after: string | undefined;
  let acted = 0;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    if (stop?.aborted) return;
    const fault = await whyHeld();
    if (fault !== null) report.heldBy = fault;
    if (fault !== null || report.submitted >= max) {
      report.isPartial = true;
      return;
    }
    const due = await source.due(options.clock.now(), ROUND_SIZE, after);
    // What a rule turned down stays due under its old name: it must not be asked again until the run's end.
    const fresh = due.filter(({ name }) => !seen.has(name));
    for (const { name } of fresh) seen.add(name);
    for (const portion of portions(fresh)) {
      if (stop?.aborted) return;
      const { submitted, failed } = await submitPortion(portion, options);
      report.submitted += submitted;
      report.failed += failed;
      options.submitted?.(submitted);
      if (failed > 0) return;
      acted += submitted;
    }
    after = due.at(-1)?.place;
    if (due.length === ROUND_SIZE) continue;
    // What was decided may have made more due, in front as well.
    if (acted === 0) return;
    after = undefined;
    acted = 0;
  }
}

/** In order, each of bounded weight, or one command that is heavier by itself. */
function portions(commands: readonly DueCommand[]): DueCommand[][] {
  const all: DueCommand[][] = [];
  let room = 0;
  for (const command of commands) {
    const { weight = 1 } = command;
    if (all.length === 0 || weight > room) {
      all.push([]);
      room = ROUND_WEIGHT_MAX;
    }
    all[all.length - 1]?.push(command);
    room -= weight;
  }
  return all;
}

async function submitPortion(commands: readonly DueCommand[], { intake, log }: DueOptions): Promise<DueReport> {
  const answers = await Promise.all(
    commands.map(({ kind, name, params }) => intake.submitInternal(kind, name, params)),
  );
  const codes = new Map<string, string>();
  let submitted = 0;
  let failed = 0;
  answers.forEach((answer, index) => {
    if (answer.ok) {
      submitted += 1;
      return;
    }
    // Of a shard that another process owns, which submits it itself.
    if (answer.problem.code === 'shutting_down') return;
    failed += 1;
    codes.set(answer.problem.code, (commands[index] as DueCommand).name);
  });
  if (failed > 0)
    log.warn({ failed, of: commands.length, examples: Object.fromEntries(codes) }, 'due commands were not taken');
  return { submitted, failed };
}
