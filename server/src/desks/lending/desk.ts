import type { Desk } from '../desk.ts';
import { writeRows } from '../kit/index.ts';
import { applyLending, summarizeLending } from './apply.ts';
import { decideLending, LENDING_KINDS } from './decide/index.ts';
import { loadLending } from './load.ts';
import { type LendingChange, type LendingRows, noteScaleOf } from './rows.ts';
import { type LendingOptions, lendingSettings } from './settings.ts';

/**
 * Loans: investors fund them out of their cash, the last unit pays the borrower and gives investors notes, instalments
 * come back to the notes' holders. The rules are at each decision, under `decide/`.
 */
export function createLendingDesk(options: LendingOptions): Desk<LendingRows, LendingChange> {
  const settings = lendingSettings(options);
  return {
    name: 'lending',
    kinds: LENDING_KINDS,
    load: (loader, commands) => loadLending(loader, commands, settings),
    decide: (command, view) => decideLending(command, view, settings),
    apply: applyLending,
    summarize: summarizeLending,
    write: writeRows,
    scaleOf: noteScaleOf,
  };
}
