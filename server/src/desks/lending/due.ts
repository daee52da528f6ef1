import { formatId } from '../../core/ids.ts';
import { dueOf, dueRows } from '../kit/index.ts';
import { type LoanRow, loans } from './rows.ts';
import { DEFAULT_AFTER_DAYS } from './settings.ts';

/** Each investor's account and the transfer to it, and the loan's own rows. */
const weight = ({ investorCount }: LoanRow): number => 2 * investorCount + 5;
const loanOnly = ({ id }: LoanRow) => ({ loan_id: formatId('loan', id) });

/**
 * Loans past their funding deadline expire, the oldest unpaid instalment of each loan is collected from its due date on, also
 * after a default, and loans whose oldest instalment was asked for too long ago default.
 *
 * Only the oldest unpaid instalment of a loan is named: a caller that asks again from the beginning after submitting gets the next,
 * until an answer holds no name that was not submitted before. A failed attempt moves the loan's next one to tomorrow or later, so late
 * loans never crowd out others; only what a rule turned down today (`balance_limit`) is named again, to no effect.
 */
export const LENDING_DUE = dueOf(
  dueRows({
    kind: 'expire_loan',
    table: loans,
    where: "status = 'open'",
    by: 'fundingDeadline',
    name: ({ id }) => `expire/${id}`,
    params: loanOnly,
    weight,
    overdue: {
      name: 'loans_past_deadline',
      subject: 'loan',
      detail: "'is open past its deadline: it is to expire, and all money to go back'",
    },
  }),
  dueRows({
    kind: 'collect_installment',
    table: loans,
    where: 'collect_on is not null',
    by: 'collectOn',
    name: ({ id, nextNumber }) => `collect/${id}/${nextNumber}`,
    params: (loan) => ({ ...loanOnly(loan), number: loan.nextNumber }),
    weight,
    overdue: {
      name: 'installments_not_asked_for',
      subject: 'loan',
      detail: "format('instalment %s, due on %s, was not asked for', next_number, next_due)",
    },
  }),
  dueRows({
    kind: 'default_loan',
    table: loans,
    where: "status = 'late' and asked_on is not null",
    // From the first request, not from the due date: who was asked late has as long to pay as who was asked in time.
    by: 'askedOn',
    days: DEFAULT_AFTER_DAYS,
    name: ({ id, nextNumber }) => `default/${id}/${nextNumber}`,
    params: loanOnly,
    overdue: {
      name: 'loans_not_defaulted',
      subject: 'loan',
      detail: "format('instalment %s was first asked for on %s: the loan is to default', next_number, asked_on)",
    },
  }),
);
