export { ButtonLink, Link } from './link.tsx';
export { textIn, useParam, useUrlState, wordIn } from './url-state.ts';
export { type Choice, SearchSelect } from './search-select.tsx';
export { fitting, lookedFor, PASTED_LENGTH_MAX, SEARCH_LENGTH_MAX } from './search-text.ts';
export { UrlDateInput, type UrlDateInputProps, UrlSearchInput, type UrlSearchInputProps } from './url-inputs.tsx';
