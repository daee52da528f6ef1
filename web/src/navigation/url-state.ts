import { useNavigate, useParams, useSearch } from '@tanstack/react-router';

/** A parameter of the page's address: `useParam('loanId')` on `/loans/$loanId`. */
export function useParam(name: string): string {
  const parameters: Record<string, string> = useParams({ strict: false });
  const value = parameters[name];
  if (value === undefined) throw new Error(`the address has no ${name}`);
  return value;
}

/** Text that an address carries: everything else is as if it were not there. */
export function textIn(raw: Record<string, unknown>, name: string): string | undefined {
  const value = raw[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** One of some words that an address carries. */
export function wordIn<Word extends string>(
  raw: Record<string, unknown>,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = textIn(raw, name);
  return words.find((word) => word === value);
}

/**
 * The page's state that lies in its address, so that a link and a reload show the same: filters, order, search.
 * `read` makes it from whatever the address says; a change of `undefined` takes a parameter away.
 */
export function useUrlState<State extends object>(
  read: (raw: Record<string, unknown>) => State,
): [State, (change: Partial<Record<keyof State, string | undefined>>) => void] {
  const raw: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = (part: Partial<Record<keyof State, string | undefined>>): void => {
    const search = (before: Record<string, unknown>): Record<string, unknown> => {
      const next = Object.entries({ ...before, ...part }).filter(([, value]) => value !== undefined && value !== '');
      return Object.fromEntries(next);
    };
    // Not a new page: the back button leaves the list, and the focus stays in the filter.
    void navigate({ to: '.', search, replace: true });
  };
  return [read(raw), change];
}
