import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { MerchantView } from '@millrace/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { wordsOf } from '../../design/index.ts';
import { merchantsQuery } from './queries.ts';

/** Somebody who types is let finish a word. */
const SEARCH_DELAY_MS = 200;
const SEARCH_LENGTH_MAX = 100;

export interface MerchantSelectProps {
  /** A handle; '' for none. */
  value: string;
  onChange: (handle: string) => void;
  onBlur: () => void;
  error: string | false | undefined;
}

const optionOf = ({ handle, name }: MerchantView) => ({ value: handle, label: `${name} · ${handle}` });

/** Finds who is to be paid among the registered merchants, by a part of the name or the handle. */
export function MerchantSelect({ value, onChange, onBlur, error }: MerchantSelectProps) {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null);
  const [settled] = useDebouncedValue(typed, SEARCH_DELAY_MS);
  // What stands in the field when one was chosen is no search.
  const search = chosen !== null && settled === chosen.label ? '' : settled.trim();
  const found = useQuery({ ...merchantsQuery(search), placeholderData: keepPreviousData });
  const options = (found.data ?? []).map(optionOf);
  const isListed = chosen === null || options.some((option) => option.value === chosen.value);
  return (
    <Select
      label="Merchant"
      placeholder="Name or handle"
      required
      searchable
      data={isListed || value === '' ? options : [chosen, ...options]}
      // The server has chosen already.
      filter={({ options: all }) => all}
      // The list itself scrolls, which the keyboard of the field moves.
      withScrollArea={false}
      styles={{ options: { maxHeight: 280, overflowY: 'auto' } }}
      nothingFoundMessage={
        found.isError ? wordsOf(found.error) : found.isPending ? 'Searching …' : 'No merchant is called so.'
      }
      value={value === '' ? null : value}
      searchValue={typed}
      onSearchChange={(text) => setTyped(text.slice(0, SEARCH_LENGTH_MAX))}
      onChange={(handle, option) => {
        setChosen(handle === null ? null : option);
        onChange(handle ?? '');
      }}
      onBlur={onBlur}
      error={error}
    />
  );
}
