import { REASONS, type Reason } from '@millrace/contract/reasons';

export interface ReasonWords {
  /** What was wrong, as a sentence. */
  title: string;
  /** What to do about it. */
  advice: string;
}

/** What the person can do, by reason. What was wrong says the contract. */
const ADVICE: Readonly<Record<Reason, string>> = {
  gateway_missing: 'The operator of this installation connects one; transfers between users work all the same.',
  withdrawal_too_small: 'Withdraw more at once.',
  withdrawals_pending: 'Wait until one of them has come through, or cancel one that was not sent yet.',
  insufficient_funds: 'Bring money in, or choose a smaller amount.',
  balance_limit: 'Choose a smaller amount, or wait until some of the money has been moved.',
  loan_not_found: 'Choose another loan in the marketplace.',
  loan_fully_funded: 'Others were faster. Choose another loan in the marketplace.',
  loan_closed: 'Its time for funding is over. Choose another loan in the marketplace.',
  exceeds_remaining: 'Choose an amount up to what is open, or allow that less is taken.',
  investor_limit: 'Choose another loan in the marketplace.',
  own_loan: 'Choose the loan of somebody else.',
  loan_not_repaying: 'Look at the loan’s status: it is not being repaid.',
  loan_not_defaulted: 'Look at the loan’s status: only a loan in default can be recovered.',
  already_paid: 'There is nothing left to do.',
  earlier_unpaid: 'Pay the earlier instalment first.',
  not_borrower: 'Only whoever took the loan can do this.',
  not_due: 'Come back when the next instalment is due.',
  user_not_found: 'Check the id of the receiver.',
  receiver_unavailable: 'Choose another receiver.',
  merchant_unknown: 'Choose a merchant that is registered here.',
  merchant_disabled: 'Choose another merchant, or ask later.',
  same_account: 'Choose another receiver.',
  unknown_asset: 'Choose an asset that this installation has.',
  amount_limit: 'Choose a smaller amount, or place several orders.',
  declined_outside: 'The money is back on your account. Ask your bank why.',
  deadline_passed: 'The money is back where it was. Try again later.',
  order_final: 'Nothing more can be done with that order.',
  canceled_by_user: 'The money is back where it was.',
  internal_error: 'It has been set aside for an operator to look at.',
};

/** A reason in plain words. One that this page does not know yet is shown as it is. */
export function reasonWords(reason: Reason): ReasonWords {
  return { title: REASONS[reason] ?? `${reason.replaceAll('_', ' ')}.`, advice: ADVICE[reason] ?? '' };
}

export function isReason(value: unknown): value is Reason {
  return typeof value === 'string' && value in REASONS;
}
