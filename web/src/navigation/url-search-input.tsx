import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { arrived, lookedFor, PASTED_LENGTH_MAX, searchTextOf, sent } from './search-text.ts';

/** Time to finish typing a word before the list is read again. */
const DELAY_MS = 300;

export interface UrlSearchInputProps {
  label?: string;
  placeholder: string;
  /** As the address has it. */
  value: string | undefined;
  change: (text: string) => void;
}

/** A search field whose text lies in the address. It follows the address, and never takes back what is being typed. */
export function UrlSearchInput({ label = 'Search', placeholder, value = '', change }: UrlSearchInputProps) {
  const [state, setState] = useState(() => searchTextOf(value));
  // What stands there by then: the address may have won meanwhile.
  const apply = useDebouncedCallback(() => {
    const text = lookedFor(state.typed);
    const next = sent(state, text);
    if (!next) return;
    setState(next);
    change(text);
  }, DELAY_MS);
  if (state.address !== value) setState(arrived(state, value));
  return (
    <TextInput
      label={label}
      type="search"
      placeholder={placeholder}
      maxLength={PASTED_LENGTH_MAX}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={state.typed}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        setState((before) => ({ ...before, typed }));
        apply();
      }}
    />
  );
}
