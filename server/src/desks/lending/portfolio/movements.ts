import type { AccountSums, SumsOf } from '../../readers.ts';

/** What went from a cash account to one loan and came back, minor units. */
export type LoanMovements = Readonly<Record<'funded' | 'refunded' | 'principal' | 'interest', bigint>>;

/** The sums of a cash account's lines that are about loans, by loan (bare UUID) and by day. */
export type Movements = AccountSums<keyof LoanMovements>;

// An instalment's money comes from the borrower's cash: which loan it is about is in the order that moved it. A borrower's
// own instalments, which leave the account, are about no loan that the account has invested in.
export const MOVEMENTS: SumsOf<keyof LoanMovements> = {
  reasons: {
    loan_funding: 'funded',
    investment_refund: 'refunded',
    repayment_principal: 'principal',
    repayment_interest: 'interest',
  },
  subjectSql: `case
    when t.reason in ('loan_funding', 'investment_refund') then (
      select escrow.owner_id from accounts escrow
      where escrow.id = case when t.debit_account_id = $1::uuid then t.credit_account_id else t.debit_account_id end)
    when t.reason in ('repayment_principal', 'repayment_interest') and t.credit_account_id = $1::uuid then (
      select substr(o.params ->> 'loan_id', 6)::uuid from orders o where o.id = t.order_id)
  end`,
};

/** What has not come back of the money that was put into a loan. */
export const outstandingOf = ({ funded, refunded, principal }: LoanMovements): bigint => funded - refunded - principal;
