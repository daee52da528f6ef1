export { LoanLink } from './loan-link.tsx';
export { LoanName } from './loan-name.tsx';
