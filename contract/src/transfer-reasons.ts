/** Why money moved: the reason of every transfer on the ledger. The value is the sentence for people. */
export const TRANSFER_REASONS = {
  deposit: 'Money came in from outside.',
  bonus: 'A starting balance was granted.',
  withdrawal: 'Money left for the outside.',
  transfer: 'One user sent money to another.',
  payment: 'A merchant was paid.',
  loan_funding: 'An investor put money into a loan.',
  investment_refund: 'Money came back from a loan whose funding ended without success.',
  loan_disbursal: 'A borrower received a loan’s amount.',
  notes_issued: 'An investor received notes of a loan.',
  notes_redeemed: 'Notes were redeemed by principal that came back.',
  repayment_principal: 'Principal of an instalment, to an investor.',
  repayment_interest: 'Interest of an instalment, after the fee, to an investor.',
  servicing_fee: 'What the installation keeps of an instalment’s interest.',
} as const;

export type TransferReason = keyof typeof TRANSFER_REASONS;
