export { ButtonLink, Link } from './link.tsx';
export { textIn, useParam, useUrlState, wordIn } from './url-state.ts';
export { UrlSearchInput, type UrlSearchInputProps } from './url-search-input.tsx';
