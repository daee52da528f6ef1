import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { isAccepted, type LineOutcome } from './summary.ts';

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
