-- Loans that were late get their time from the first request, loans in default go on being collected, and funding can be closed.

alter table loans add column asked_on date;
-- When a loan was first asked is not kept: the day of its last attempt gives the borrower too much time rather than too little.
update loans set asked_on = collect_on - 1 where status = 'late' and collect_on > next_due;
alter table loans drop constraint loans_next;
update loans set collect_on = next_due where status = 'defaulted';

alter table loans drop constraint loans_status_check;
alter table loans add constraint loans_status_check
  check (status in ('open', 'repaying', 'late', 'repaid', 'defaulted', 'expired', 'closed'));
alter table loans add constraint loans_next check (
  (next_number is not null and next_due is not null) = (status in ('repaying', 'late', 'defaulted'))
  and (collect_on is not null) = (status in ('repaying', 'late', 'defaulted'))
  and (asked_on is null or status in ('late', 'defaulted'))
);
drop index loans_to_default;
create index loans_to_default on loans (asked_on, id) where status = 'late' and asked_on is not null;
