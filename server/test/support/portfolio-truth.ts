/** A portfolio straight from the tables, by none of the code under test: of the user `$1`, whose cash account is `$2`. */
export const PORTFOLIO_TRUTH = `
select
  (select coalesce(sum(balance), 0) from accounts where id = $2) as cash,
  (select coalesce(sum(balance), 0) from accounts where owner_id = $1 and purpose = 'notes') as invested,
  (select coalesce(sum(s.amount), 0) from loan_stakes s join loans l on l.id = s.loan_id where s.user_id = $1 and l.status = 'open') as committed,
  (select coalesce(sum(amount), 0) from transfers where debit_account_id = $2 and reason = 'loan_funding') as funded,
  (select coalesce(sum(amount), 0) from transfers where credit_account_id = $2 and reason = 'investment_refund') as refunded,
  (select coalesce(sum(amount), 0) from transfers where credit_account_id = $2 and reason = 'repayment_principal') as principal_repaid,
  (select coalesce(sum(amount), 0) from transfers where credit_account_id = $2 and reason = 'repayment_interest') as interest_received,
  (select coalesce(sum(n.balance), 0) from accounts n join loans l on n.asset = 'loan:' || l.id
    where n.owner_id = $1 and n.purpose = 'notes' and l.status in ('repaying', 'late')) as expected`;
