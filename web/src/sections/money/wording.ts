import type { TransferReason, WireTransfer } from '@millrace/contract';
import type { NoRate } from '../../money/index.ts';

type Side = WireTransfer['direction'];

/** Why money moved, as the person says it whose account it is: for what left, and for what came. */
const MOVES: Readonly<Record<TransferReason, Readonly<Record<Side, string>>>> = {
  deposit: { credit: 'Deposit', debit: 'Deposit for somebody' },
  bonus: { credit: 'Starting balance', debit: 'Starting balance granted' },
  withdrawal: { credit: 'Withdrawal', debit: 'Withdrawal' },
  transfer: { credit: 'Received from another user', debit: 'Sent to another user' },
  payment: { credit: 'Payment received', debit: 'Payment to a merchant' },
  loan_funding: { credit: 'Investment', debit: 'Investment in a loan' },
  investment_refund: { credit: 'Back from a loan that was not funded', debit: 'Refund to an investor' },
  loan_disbursal: { credit: 'Loan paid out to you', debit: 'Loan paid out' },
  notes_issued: { credit: 'Notes received', debit: 'Notes issued' },
  notes_redeemed: { credit: 'Notes taken back', debit: 'Notes redeemed' },
  repayment_principal: { credit: 'Principal repaid', debit: 'Principal of an instalment' },
  repayment_interest: { credit: 'Interest', debit: 'Interest of an instalment' },
  servicing_fee: { credit: 'Servicing fee received', debit: 'Servicing fee' },
};

export function wordsOfMove(reason: TransferReason, direction: Side): string {
  return MOVES[reason][direction];
}

/** For a choice, where the side is not known. */
export const REASON_CHOICES: readonly { value: TransferReason; label: string }[] = [
  { value: 'deposit', label: 'Deposits' },
  { value: 'withdrawal', label: 'Withdrawals' },
  { value: 'transfer', label: 'Transfers between users' },
  { value: 'payment', label: 'Payments' },
  { value: 'loan_funding', label: 'Investments' },
  { value: 'investment_refund', label: 'Refunds of investments' },
  { value: 'repayment_principal', label: 'Repaid principal' },
  { value: 'repayment_interest', label: 'Interest' },
  { value: 'servicing_fee', label: 'Servicing fees' },
  { value: 'loan_disbursal', label: 'Loans paid out' },
  { value: 'notes_issued', label: 'Notes issued' },
  { value: 'notes_redeemed', label: 'Notes redeemed' },
  { value: 'bonus', label: 'Starting balance' },
];

/** Moves by an order of the account's own user, which has a page; the others were made by a schedule or somebody else. */
const BY_OWN_ORDER: ReadonlySet<`${TransferReason} ${Side}`> = new Set([
  'deposit credit',
  'withdrawal debit',
  'transfer debit',
  'payment debit',
  'loan_funding debit',
]);

export function hasOrderPage({ reason, direction }: Pick<WireTransfer, 'reason' | 'direction'>): boolean {
  return BY_OWN_ORDER.has(`${reason} ${direction}`);
}

export const NO_RATE: Readonly<Record<NoRate, string>> = {
  no_flows: 'There is no return yet: nothing was put into loans.',
  one_way: 'There is no return yet: money has gone into loans, and nothing is there to compare it with.',
  one_day: 'There is no return yet: everything happened on one day. Come back tomorrow.',
  no_rate: 'The return cannot be said as a yearly rate: it is beyond any sensible range.',
};
