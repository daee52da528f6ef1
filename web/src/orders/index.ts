export { CancelOrder } from './cancel-order.tsx';
export { kindIcon, type KindIcons, knowKindIcons } from './kind-icon.ts';
export { isCancelable } from './is-cancelable.ts';
export { NoAnswer, Outcome } from './outcome.tsx';
export { BalanceAfter, Outlook } from './outlook.tsx';
export { type Submission, type Submissions, useSubmissions } from './submissions.ts';
export {
  type Placing,
  previewQuery,
  type RequestOf,
  type Review,
  type Reviewed,
  type Ticket,
  ticketOf,
  useReview,
  useTicket,
} from './ticket.ts';
