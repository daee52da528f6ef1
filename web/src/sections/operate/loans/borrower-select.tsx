import type { UserEntryView } from '@millrace/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Choice, SearchSelect } from '../../../navigation/index.ts';
import { isUserId } from '../../../wording/index.ts';
import { borrowerCandidatesQuery, borrowersQuery } from '../queries.ts';
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

export interface BorrowerSelectProps {
  /** '' for none. */
  value: string;
  onChange: (id: string, label: string) => void;
  error?: string | undefined;
}

const choicesOf = (users: readonly UserEntryView[]): Choice[] =>
  users
    .filter(({ disabled_at }) => disabled_at === null)
    .map(({ id, name, email }) => ({ value: id, label: `${name} · ${email}` }));

/** Finds the borrower among the users, by a part of the name or the address. */
export function BorrowerSelect(props: BorrowerSelectProps) {
  return (
    <SearchSelect
      {...props}
      label="Borrower"
      description="Who gets the money, and pays it back."
      placeholder="E-mail or name"
      clearable
      // Opened by a fault that takes the focus here, it would hide what is wrong.
      openOnFocus={false}
      clearButtonProps={{ 'aria-label': 'Choose another borrower' }}
      query={borrowerCandidatesQuery}
      choicesOf={choicesOf}
      nothingFound="Nobody is called so."
    />
  );
}
