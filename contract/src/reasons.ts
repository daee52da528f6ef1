/**
 * Why an order was rejected, canceled or failed. A rule that says no is no error: the order exists, with one of these
 * in `reason`. The value is the sentence for people.
 */
export const REASONS = {
  insufficient_funds: 'There is not enough available money.',
  balance_limit: 'The balance would exceed what an account can hold.',
  loan_not_found: 'There is no such loan.',
  loan_fully_funded: 'The loan is fully funded.',
  loan_closed: 'The loan no longer takes investments.',
  exceeds_remaining: 'The amount is more than what is still open on the loan.',
  investor_limit: 'The loan has as many investors as it can have.',
  own_loan: 'A borrower cannot fund the own loan.',
  loan_not_repaying: 'The loan has no instalment to pay.',
  loan_not_defaulted: 'The loan is not in default.',
  already_paid: 'The instalment is paid already.',
  earlier_unpaid: 'An earlier instalment is still unpaid.',
  not_borrower: 'Only the loan’s borrower can do this.',
  not_due: 'Nothing is due yet.',
  user_not_found: 'There is no such user.',
  receiver_unavailable: 'This user cannot receive money.',
  merchant_unknown: 'No merchant is registered under this handle.',
  merchant_disabled: 'This merchant takes no payments at present.',
  same_account: 'Sender and receiver are the same.',
  unknown_asset: 'This asset does not exist here.',
  gateway_missing: 'This installation has no way for money to come in or go out yet.',
  withdrawal_too_small: 'The withdrawal is smaller than the smallest that is made here.',
  withdrawals_pending: 'Withdrawals that wait already take all that may wait at a time, by number or amount.',
  amount_limit: 'The amount exceeds the limit for this kind of order.',
  declined_outside: 'The bank declined.',
  deadline_passed: 'It was not carried out by its deadline, and will not be.',
  order_final: 'The order that it is about is final already.',
  canceled_by_user: 'The user canceled it.',
  internal_error: 'It failed for a technical reason; no money was moved.',
} as const;

export type Reason = keyof typeof REASONS;
