import type { Vocabulary } from '../vocabulary-entry.ts';

export const LENDING_VOCABULARY = {
  ids: { loan: 'loan' },
  purposes: {
    escrow: { owner: 'loan', mayBeNegative: false, words: 'escrow of a loan' },
    notes: { owner: 'user', mayBeNegative: false, words: 'loan notes' },
    issuance: { owner: 'loan', mayBeNegative: true, words: 'issuance of notes' },
  },
  reasons: {
    loan_not_found: { text: 'There is no such loan.', advice: 'Choose another loan in the marketplace.' },
    loan_fully_funded: {
      text: 'The loan is fully funded.',
      advice: 'Others were faster. Choose another loan in the marketplace.',
    },
    loan_closed: {
      text: 'The loan no longer takes investments.',
      advice: 'Its time for funding is over. Choose another loan in the marketplace.',
    },
    exceeds_remaining: {
      text: 'The amount is more than what is still open on the loan.',
      advice: 'Choose an amount up to what is open, or allow that less is taken.',
    },
    investor_limit: {
      text: 'The loan has as many investors as it can have.',
      advice: 'Choose another loan in the marketplace.',
    },
    own_loan: { text: 'Borrowers cannot fund their own loans.', advice: 'Choose the loan of another borrower.' },
    loan_not_repaying: {
      text: 'The loan has no instalment to pay.',
      advice: 'Look at the loan’s status: it is not being repaid.',
    },
    loan_not_defaulted: {
      text: 'The loan is not in default.',
      advice: 'Look at the loan’s status: only a loan in default can be recovered.',
    },
    already_paid: { text: 'The instalment is paid already.', advice: 'There is nothing left to do.' },
    earlier_unpaid: { text: 'An earlier instalment is still unpaid.', advice: 'Pay the earlier instalment first.' },
    not_borrower: { text: 'Only the loan’s borrower can do this.', advice: 'Ask the borrower to do it.' },
    not_due: { text: 'Nothing is due yet.', advice: 'Come back when the next instalment is due.' },
  },
  transfers: {
    loan_funding: {
      text: 'An investor put money into a loan.',
      label: 'Investment',
      plural: 'Investments',
      debit: 'Investment in a loan',
      credit: 'Investment',
      byOrderOf: 'debit',
    },
    investment_refund: {
      text: 'Money came back from a loan whose funding ended without success.',
      label: 'Refund of an investment',
      plural: 'Refunds of investments',
      debit: 'Refund to an investor',
      credit: 'Back from a loan that was not funded',
    },
    loan_disbursal: {
      text: 'A borrower received a loan’s amount.',
      label: 'Loan paid out',
      plural: 'Loans paid out',
      debit: 'Loan paid out',
      credit: 'Loan paid out to you',
    },
    notes_issued: {
      text: 'An investor received notes of a loan.',
      label: 'Notes issued',
      plural: 'Notes issued',
      debit: 'Notes issued',
      credit: 'Notes received',
    },
    notes_redeemed: {
      text: 'Notes were redeemed by principal that came back.',
      label: 'Notes redeemed',
      plural: 'Notes redeemed',
      debit: 'Notes redeemed',
      credit: 'Notes taken back',
    },
    repayment_principal: {
      text: 'Principal of an instalment, to an investor.',
      label: 'Repaid principal',
      plural: 'Repaid principal',
      debit: 'Principal of an instalment',
      credit: 'Principal repaid',
    },
    repayment_interest: {
      text: 'Interest of an instalment, after the fee, to an investor.',
      label: 'Interest',
      plural: 'Interest',
      debit: 'Interest of an instalment',
      credit: 'Interest',
    },
    servicing_fee: {
      text: 'What the installation keeps of an instalment’s interest.',
      label: 'Servicing fee',
      plural: 'Servicing fees',
      debit: 'Servicing fee',
      credit: 'Servicing fee received',
    },
  },
  orders: { fund_loan: 'Investment', repay_loan: 'Repayment', recover_loan: 'Recovery' },
  commands: {
    create_loan: 'Opening of a loan',
    close_loan: 'Closing of a loan',
    expire_loan: 'Expiry of a loan',
    collect_installment: 'Collection of an instalment',
    default_loan: 'Default of a loan',
  },
  overdue: {
    loans_past_deadline: 'Loans open past their deadline',
    installments_not_asked_for: 'Instalments not asked for',
    loans_not_defaulted: 'Late loans whose time is over',
  },
} as const satisfies Vocabulary;
