import type { TransferReason } from '@millrace/contract';
import { periodOf } from '../../money/index.ts';
import { textIn, useUrlState, wordIn } from '../../navigation/index.ts';
import type { LinesQuery } from './queries.ts';
import { REASON_CHOICES } from './wording.ts';

export interface StatementFilters {
  account?: string | undefined;
  /** Days, both included. */
  from?: string | undefined;
  to?: string | undefined;
  reason?: TransferReason | undefined;
  direction?: 'debit' | 'credit' | undefined;
}

const REASONS = REASON_CHOICES.map(({ value }) => value);

export function readFilters(raw: Record<string, unknown>): StatementFilters {
  return {
    account: textIn(raw, 'account'),
    from: textIn(raw, 'from'),
    to: textIn(raw, 'to'),
    reason: wordIn(raw, 'reason', REASONS),
    direction: wordIn(raw, 'direction', ['debit', 'credit']),
  };
}

export function useStatementFilters() {
  return useUrlState<StatementFilters>(readFilters);
}

export function queryOf({ from, to, reason, direction }: StatementFilters): LinesQuery {
  return { ...periodOf({ from, to }), ...(reason && { reason }), ...(direction && { direction }) };
}

export function isFiltered(filters: StatementFilters): boolean {
  return Object.keys(queryOf(filters)).length > 0;
}
