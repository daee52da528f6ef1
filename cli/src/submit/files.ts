import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { emptySummary, isAccepted, type LineOutcome, type Summary } from './summary.ts';

/** Where the lines that were not accepted go: one JSON object a line, `{line, status, reason, detail, input}`. */
export interface Rejects {
  write(outcomes: readonly LineOutcome[]): void;
  /** Length of the file now. */
  bytes(): number;
  close(): void;
}

/** Goes on at `from` bytes: what an interrupted run wrote after its last saved progress is written again. */
export function openRejects(path: string, from: number): Rejects {
  // Orders are private: only the user who ran this may read them.
  const file = openSync(path, from === 0 ? 'w' : 'a', 0o600);
  let size = Math.min(from, fstatSync(file).size);
  ftruncateSync(file, size);
  return {
    write(outcomes) {
      const lines = outcomes
        .filter(({ status }) => !isAccepted(status))
        .map((outcome) => `${JSON.stringify(outcome)}\n`);
      if (lines.length > 0) size += writeSync(file, lines.join(''));
    },
    bytes: () => size,
    close: () => closeSync(file),
  };
}

export const noRejects: Rejects = { write: () => {}, bytes: () => 0, close: () => {} };

/** How far a run has come. Every line up to `line` has its outcome; later ones may have been sent as well. */
export interface Progress {
  /** The run's key in hex: a file that has changed is another run. */
  run: string;
  line: number;
  summary: Summary;
  /** Length of the file of rejects at this point: what was written after it is written again. */
  rejects_bytes: number;
}

/** Half a second's work at most is sent again after an interruption, which the orders' ids make harmless. */
const SAVE_EVERY_MS = 500;

export interface ProgressFile {
  /** What an interrupted run of the same key left, or a fresh start. */
  readonly start: Progress;
  save(progress: Progress, now?: boolean): void;
  /** The run is complete: nothing is left to resume. */
  remove(): void;
}

export function openProgressFile(path: string, run: string): ProgressFile {
  const found = read(path);
  const fresh: Progress = { run, line: 0, summary: emptySummary(), rejects_bytes: 0 };
  let savedAt = 0;
  return {
    start: found?.run === run ? found : fresh,
    save(progress, now = false) {
      if (!now && Date.now() - savedAt < SAVE_EVERY_MS) return;
      savedAt = Date.now();
      const draft = `${path}.new`;
      writeFileSync(draft, `${JSON.stringify(progress)}\n`, { mode: 0o600 });
      renameSync(draft, path);
    },
    remove: () => rmSync(path, { force: true }),
  };
}

/** For input that cannot be read a second time, such as a pipe. */
export function noProgressFile(run: string): ProgressFile {
  return { start: { run, line: 0, summary: emptySummary(), rejects_bytes: 0 }, save: () => {}, remove: () => {} };
}

/** A damaged file is none: the run starts over, and the ids see to it that nothing is doubled. */
function read(path: string): Progress | undefined {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<Progress>;
    const whole =
      typeof value.run === 'string' &&
      Number.isSafeInteger(value.line) &&
      Number.isSafeInteger(value.rejects_bytes) &&
      Array.isArray(value.summary?.outcomes) &&
      Array.isArray(value.summary.first_not_accepted);
    return whole ? (value as Progress) : undefined;
  } catch {
    return undefined;
  }
}
