export { LoanLink } from './loan-link.tsx';
