/**
 * The SQL of what the notes of one user will bring: a row for each unpaid instalment of a loan that is being repaid, with
 * `loan_id, due_date, principal, interest, fee` (the user's parts, in minor units; interest after the fee).
 *
 * `$1` is the user, `$2` the asset, `$3` the servicing fee in millionths, `$4` loans (or null: all). Here it is one of
 * many and rounded down, where the desk draws the largest remainder over every holder: a part is less than one unit off,
 * and principal, rounded on its running sum, adds up to the notes.
 */
export const EXPECTED_PARTS = `
select loan_id, due_date,
  div(principal_until * mine, owed) - div((principal_until - principal) * mine, owed) as principal,
  div((interest - fee) * mine, owed) as interest,
  div(fee * mine, owed) as fee
from (
  select i.loan_id, i.due_date, i.principal::numeric as principal, i.interest::numeric as interest, n.balance::numeric as mine,
    least(div((i.principal + i.interest) * 2 * $3::numeric + 1000000, 2000000), i.interest) as fee,
    sum(i.principal) over (partition by i.loan_id order by i.number) as principal_until,
    sum(i.principal) over (partition by i.loan_id) as owed
  from accounts n
  join loans l on l.id = substr(n.asset, 6)::uuid
  join installments i on i.loan_id = l.id and i.status <> 'paid'
  where n.owner_id = $1::uuid and n.purpose = 'notes' and n.balance > 0
    and l.asset = $2::text and l.status in ('repaying', 'late')
    and ($4::uuid[] is null or n.asset = any (select 'loan:' || id from unnest($4::uuid[]) as wanted (id)))
) as unpaid`;
