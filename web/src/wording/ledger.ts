import type { TransferReason } from '@millrace/contract';
import { wordsOfName } from './orders.ts';

/** What an account can be for, as the ledger names it, in words that go on in a sentence: "your loan notes". */
const PURPOSE_WORDS = {
  cash: 'cash',
  escrow: 'escrow of a loan',
  notes: 'loan notes',
  fees: 'fees of the installation',
  merchant: 'merchant’s account',
  outside: 'outside world',
  promotions: 'starting balances',
  issuance: 'issuance of notes',
} as const;

export type Purpose = keyof typeof PURPOSE_WORDS;
export const PURPOSES = Object.keys(PURPOSE_WORDS) as Purpose[];

/** In a sentence; a purpose that is newer than this page has its own name. */
export function purposeWords(purpose: string): string {
  return Object.hasOwn(PURPOSE_WORDS, purpose) ? PURPOSE_WORDS[purpose as Purpose] : purpose.replaceAll('_', ' ');
}

/** As a label: "Loan notes". */
export function purposeLabel(purpose: string): string {
  return wordsOfName(purposeWords(purpose));
}

/** Why money moved, as whoever looks at both sides says it. The compiler says when one is missing. */
const REASON_LABELS: Readonly<Record<TransferReason, string>> = {
  deposit: 'Deposit',
  withdrawal: 'Withdrawal',
  transfer: 'Transfer between users',
  payment: 'Payment',
  loan_funding: 'Investment',
  investment_refund: 'Refund of an investment',
  repayment_principal: 'Repaid principal',
  repayment_interest: 'Interest',
  servicing_fee: 'Servicing fee',
  loan_disbursal: 'Loan paid out',
  notes_issued: 'Notes issued',
  notes_redeemed: 'Notes redeemed',
  bonus: 'Starting balance',
};

export const TRANSFER_REASON_NAMES = Object.keys(REASON_LABELS) as TransferReason[];

/** A reason that is newer than this page has its own name. */
export function reasonLabel(reason: string): string {
  return Object.hasOwn(REASON_LABELS, reason) ? REASON_LABELS[reason as TransferReason] : wordsOfName(reason);
}
