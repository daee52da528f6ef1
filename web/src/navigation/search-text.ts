import { idsIn, searchKey, searchTerm } from '@millrace/contract/search-text';

/** What the server takes as a search at most. */
export const SEARCH_LENGTH_MAX = 100;
/** What may be pasted into a field: an address with an id in it is longer than a search. */
export const PASTED_LENGTH_MAX = 2_000;

/** What a typed or pasted text looks for: the one id that stands in it, as in a page's address, else its words. */
export function lookedFor(typed: string): string {
  const [pasted, another] = idsIn(typed);
  if (pasted && !another) return pasted.id;
  return typed
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, SEARCH_LENGTH_MAX);
}

/** Chooses among a list's options as the server searches, without regard to case and accents. */
export function fitting<Option>({ options, search }: { options: Option[]; search: string }): Option[] {
  const term = searchTerm(search);
  return options.filter((option) => searchKey((option as { label?: string }).label ?? '').includes(term));
}

/** Texts that were sent to the address and have not arrived there; more than anyone types while it takes one over. */
const UNDER_WAY_MAX = 20;

/** What stands in a search field whose text lies in the address. */
export interface SearchText {
  typed: string;
  /** The address's, as it was seen last. */
  address: string;
  /** Sent to the address and not seen there, oldest first. */
  underWay: readonly string[];
}

export function searchTextOf(address: string): SearchText {
  return { typed: address, address, underWay: [] };
}

/** The field's own text on its way to the address; undefined: it is there already. */
export function sent(state: SearchText, text: string): SearchText | undefined {
  if (text === (state.underWay.at(-1) ?? state.address)) return undefined;
  return { ...state, underWay: [...state.underWay, text].slice(-UNDER_WAY_MAX) };
}

/** The address says something else: the field's own text come back, while typing went on, or another's, which wins. */
export function arrived(state: SearchText, address: string): SearchText {
  const position = state.underWay.indexOf(address);
  if (position === -1) return searchTextOf(address);
  return { ...state, address, underWay: state.underWay.slice(position + 1) };
}
