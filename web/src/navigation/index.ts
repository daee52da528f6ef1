export { ButtonLink, Link } from './link.tsx';
export { textIn, useParam, useUrlState, wordIn } from './url-state.ts';
