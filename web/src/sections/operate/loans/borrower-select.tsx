import type { UserEntryView } from '@millrace/contract';
import { type Choice, SearchSelect } from '../../../navigation/index.ts';
import { borrowerCandidatesQuery } from '../queries.ts';

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
