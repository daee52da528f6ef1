/** Texts that were sent to the address and have not arrived there; more than somebody types while it takes one over. */
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

/** The address says something else: its own text come back, while one may have typed on, or somebody else's, who wins. */
export function arrived(state: SearchText, address: string): SearchText {
  const position = state.underWay.indexOf(address);
  if (position === -1) return searchTextOf(address);
  return { ...state, address, underWay: state.underWay.slice(position + 1) };
}
