import type { Check } from '../desk.ts';

/** What must hold about loans at any time, whatever has happened. */
export const LENDING_CHECKS: readonly Check[] = [
  {
    name: 'lending_escrow',
    sql: `select l.id::text as subject,
  format('%s: funded %s, escrow holds %s', l.status, l.funded, coalesce(a.balance, 0)) as detail
from loans l left join accounts a on a.owner_id = l.id and a.purpose = 'escrow' and a.asset = l.asset
where coalesce(a.balance, 0) <> case when l.status = 'open' then l.funded else 0 end`,
  },
  {
    name: 'lending_stakes',
    sql: `select l.id::text as subject,
  format('funded %s by %s investors, but stakes sum to %s of %s, numbered to %s', l.funded, l.investor_count,
    coalesce(s.amount, 0), coalesce(s.investors, 0), coalesce(s.last, 0)) as detail
from loans l
left join (
  select loan_id, sum(amount) as amount, count(*) as investors, count(distinct number) as numbers, max(number) as last
  from loan_stakes group by loan_id
) s on s.loan_id = l.id
where coalesce(s.amount, 0) <> l.funded or coalesce(s.investors, 0) <> l.investor_count or s.numbers <> s.investors
  or s.last <> s.investors`,
  },
  {
    name: 'lending_funded',
    sql: `select id::text as subject, format('%s: funded %s of %s', status, funded, amount) as detail from loans
where funded > amount or (status in ('open', 'expired', 'closed')) <> (funded < amount)`,
  },
  {
    name: 'lending_notes',
    sql: `select l.id::text as subject, format('%s: notes of %s, unpaid principal %s', l.status, coalesce(n.balance, 0), coalesce(u.principal, 0)) as detail
from loans l
left join (select asset, sum(balance) as balance from accounts where purpose = 'notes' group by asset) n on n.asset = 'loan:' || l.id
left join (select loan_id, sum(principal) as principal from installments where status <> 'paid' group by loan_id) u on u.loan_id = l.id
where coalesce(n.balance, 0) <> coalesce(u.principal, 0)`,
  },
  {
    name: 'lending_schedule',
    sql: `select l.id::text as subject,
  format('%s: %s of %s instalments, principal %s of %s, next %s is %s', l.status, coalesce(i.count, 0), l.term_months,
    coalesce(i.principal, 0), l.amount, i.next_number, l.next_number) as detail
from loans l
left join (
  select loan_id, count(*) as count, sum(principal) as principal, min(number) filter (where status <> 'paid') as next_number
  from installments group by loan_id
) i on i.loan_id = l.id
where case when l.status in ('open', 'expired', 'closed') then i.count is not null
  else i.count is distinct from l.term_months or i.principal is distinct from l.amount or i.next_number is distinct from l.next_number end`,
  },
];
