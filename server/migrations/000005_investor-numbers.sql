-- Others see an investor of a loan by a number, counted in the order of first investments: `Investor 7`. The desk knows it
-- without reading anything more than it does: it is the loan's count of investors when the stake is new, and in the
-- stake's own row when it is not.
alter table loan_stakes add column number integer check (number > 0);
update loan_stakes s set number = n.number
from (select loan_id, user_id, row_number() over (partition by loan_id order by user_id) as number from loan_stakes) n
where n.loan_id = s.loan_id and n.user_id = s.user_id;
alter table loan_stakes alter column number set not null;
