import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { isUserId } from '../../../wording/index.ts';
import { borrowersQuery } from '../queries.ts';
import { type BatchRow, borrowerName, type Borrowers } from './batch.ts';

export interface BorrowerLookup {
  borrowers: Borrowers;
  /** Whether some are still looked for. */
  isBusy: boolean;
  /** null: none. */
  error: unknown;
  retry: () => void;
}

/** The ids of those whom the rows name, by id or by e-mail address; each is asked for once. */
export function useBorrowers(rows: readonly BatchRow[]): BorrowerLookup {
  const names = useMemo(
    () => [...new Set(rows.map(({ fields }) => borrowerName(fields.borrower)).filter((name) => name !== ''))],
    [rows],
  );
  const found = useQuery(borrowersQuery(names.filter((name) => !isUserId(name))));
  const borrowers = useMemo(
    () => new Map([...names.filter(isUserId).map((id) => [id, id] as const), ...(found.data ?? [])]),
    [names, found.data],
  );
  return { borrowers, isBusy: found.isFetching, error: found.error, retry: () => void found.refetch() };
}
