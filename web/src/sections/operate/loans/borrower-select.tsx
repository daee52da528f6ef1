import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { UserEntryView } from '@millrace/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { wordsOf } from '../../../design/index.ts';
import { lookedFor, PASTED_LENGTH_MAX } from '../../../navigation/index.ts';
import { borrowerCandidatesQuery } from '../queries.ts';

/** Somebody who types is let finish a word. */
const SEARCH_DELAY_MS = 200;

export interface BorrowerSelectProps {
  value: string | null;
  onChange: (id: string | null, label: string) => void;
  error?: string | undefined;
}

const optionOf = ({ id, name, email }: UserEntryView) => ({ value: id, label: `${name} · ${email}` });

/** Finds the borrower among the users, by a part of the name or the address. */
export function BorrowerSelect({ value, onChange, error }: BorrowerSelectProps) {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null);
  const [settled] = useDebouncedValue(typed, SEARCH_DELAY_MS);
  // What stands in the field when somebody was chosen is no search.
  const search = chosen !== null && settled === chosen.label ? '' : lookedFor(settled);
  const found = useQuery({ ...borrowerCandidatesQuery(search), placeholderData: keepPreviousData });
  const options = (found.data ?? []).filter(({ disabled_at }) => disabled_at === null).map(optionOf);
  const isListed = chosen === null || options.some((option) => option.value === chosen.value);
  return (
    <Select
      label="Borrower"
      description="Who gets the money, and pays it back."
      placeholder="E-mail or name"
      required
      searchable
      clearable
      // Opened by a fault that takes the focus here, it would hide what is wrong.
      openOnFocus={false}
      clearButtonProps={{ 'aria-label': 'Choose another borrower' }}
      data={isListed || value === null ? options : [chosen, ...options]}
      // The server has chosen already.
      filter={({ options: all }) => all}
      // The list itself scrolls, which the keyboard of the field moves.
      withScrollArea={false}
      styles={{ options: { maxHeight: 280, overflowY: 'auto' } }}
      nothingFoundMessage={
        found.isError ? wordsOf(found.error) : found.isPending ? 'Searching …' : 'Nobody is called so.'
      }
      value={value}
      searchValue={typed}
      onSearchChange={(text) => setTyped(text.slice(0, PASTED_LENGTH_MAX))}
      onChange={(id, option) => {
        setChosen(id === null ? null : option);
        onChange(id, option?.label ?? '');
      }}
      error={error}
    />
  );
}
