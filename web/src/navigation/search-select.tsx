import { Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, type QueryKey, useQuery, type UseQueryOptions } from '@tanstack/react-query';
import { useState } from 'react';
import { wordsOf } from '../design/index.ts';
import { lookedFor, PASTED_LENGTH_MAX } from './search-text.ts';

/** Time to finish typing a word. */
const SEARCH_DELAY_MS = 200;

export interface Choice {
  value: string;
  label: string;
}

export interface SearchSelectProps<Item, Key extends QueryKey>
  extends Pick<
    SelectProps,
    'label' | 'description' | 'placeholder' | 'clearable' | 'clearButtonProps' | 'openOnFocus' | 'onBlur' | 'error'
  > {
  /** Reads those that the text fits. */
  query: (search: string) => UseQueryOptions<Item[], Error, Item[], Key>;
  choicesOf: (found: readonly Item[]) => Choice[];
  /** Where the text fits nothing. */
  nothingFound: string;
  /** '' for none. */
  value: string;
  onChange: (value: string, label: string) => void;
}

/** Chooses one of many, which the server finds by a part of their names. */
export function SearchSelect<Item, Key extends QueryKey>({
  query,
  choicesOf,
  nothingFound,
  value,
  onChange,
  ...field
}: SearchSelectProps<Item, Key>) {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<Choice | null>(null);
  const [settled] = useDebouncedValue(typed, SEARCH_DELAY_MS);
  // What stands in the field when one was chosen is no search.
  const search = chosen !== null && settled === chosen.label ? '' : lookedFor(settled);
  const found = useQuery({ ...query(search), placeholderData: keepPreviousData });
  const options = choicesOf(found.data ?? []);
  const isListed = chosen === null || options.some((option) => option.value === chosen.value);
  return (
    <Select
      {...field}
      required
      searchable
      data={isListed || value === '' ? options : [chosen, ...options]}
      // The server has chosen already.
      filter={({ options: all }) => all}
      // The list itself scrolls, which the keyboard of the field moves.
      withScrollArea={false}
      styles={{ options: { maxHeight: 280, overflowY: 'auto' } }}
      nothingFoundMessage={found.isError ? wordsOf(found.error) : found.isPending ? 'Searching …' : nothingFound}
      value={value === '' ? null : value}
      searchValue={typed}
      onSearchChange={(text) => setTyped(text.slice(0, PASTED_LENGTH_MAX))}
      onChange={(next, option) => {
        setChosen(next === null ? null : option);
        onChange(next ?? '', option?.label ?? '');
      }}
    />
  );
}
