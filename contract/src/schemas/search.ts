import Type from 'typebox';
import { FOUND } from '../desks/index.ts';
import { SearchText } from './lists.ts';

const strict = { additionalProperties: false } as const;

/** What fits on a screen; a reader with more hits than that types another letter. */
export const SEARCH_RESULTS_MAX = 20;

export const SearchQuery = Type.Object({ q: SearchText }, strict);

export const SearchResult = Type.Object(
  {
    type: Type.Enum(['user', 'order', ...FOUND, 'account']),
    id: Type.String(),
    title: Type.String(),
    subtitle: Type.String(),
  },
  { ...strict, description: 'Something that was found.' },
);

export const SearchAnswer = Type.Object(
  { data: Type.Array(SearchResult, { maxItems: SEARCH_RESULTS_MAX, description: 'Ids first, then texts.' }) },
  strict,
);

export type SearchResultView = Type.Static<typeof SearchResult>;
