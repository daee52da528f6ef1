import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { isDay } from '../money/index.ts';
import { arrived, lookedFor, PASTED_LENGTH_MAX, searchTextOf, sent } from './search-text.ts';

/** Later years have five digits, which nobody means: without it the field would wait for more after 2026. */
const LAST_DAY = '9999-12-31';

export interface UrlDateInputProps {
  label: string;
  /** As the address has it: "2026-11-21". */
  value: string | undefined;
  change: (day: string) => void;
  /** Days that the browser's calendar offers. */
  min?: string | undefined;
  max?: string | undefined;
}

/**
 * A day that lies in the address. Typed with the keyboard it is none for a while, or one of the year 2: it is sent when it is
 * whole, or taken away. Left half typed, the field says again what the address says.
 */
export function UrlDateInput({ label, value = '', change, min, max }: UrlDateInputProps) {
  const [state, setState] = useState(() => searchTextOf(value));
  if (state.address !== value) setState(arrived(state, value));
  const type = (typed: string, isHalf: boolean): void => {
    const next = isHalf ? undefined : sent({ ...state, typed }, typed);
    setState(next ?? { ...state, typed });
    if (next) change(typed);
  };
  const leave = (field: HTMLInputElement): void => {
    const shown = state.underWay.at(-1) ?? state.address;
    if (field.value === shown && !field.validity.badInput) return;
    field.value = shown;
    setState({ ...state, typed: shown });
  };
  return (
    <TextInput
      label={label}
      type="date"
      value={state.typed}
      {...(min === undefined ? {} : { min })}
      max={max ?? LAST_DAY}
      onChange={({ currentTarget: { value: typed, validity } }) =>
        type(typed, typed === '' ? validity.badInput : !isDay(typed))
      }
      onBlur={(event) => leave(event.currentTarget)}
    />
  );
}

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
