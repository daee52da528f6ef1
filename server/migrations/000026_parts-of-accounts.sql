-- Everybody's orders move the accounts of the installation. Each is kept in parts from now on, a row for each shard that has moved its money,
-- so that the shards do not wait for one another on one row. The owner of a part ends in its shard's number. Part 0 is the row that there was
-- before: its id is the account's, and what all shards have moved stays in it. A version that knows of one row only must not open this database.

-- The other parts, of which account each is, and whose shard moves it.
create view account_parts as
select part.id, whole.id as account_id, ('x' || right(part.owner_id::text, 8))::bit(32)::integer as shard
from accounts part left join accounts whole
  on whole.owner_id = '00000000-0000-0000-0000-000000000000' and whole.purpose = part.purpose and whole.asset = part.asset
where part.owner_id > '00000000-0000-0000-0000-000000000000' and part.owner_id <= '00000000-0000-0000-0000-000000007fff';

-- Each account once, with the sum of its parts. Two halves, so that the many accounts that have no parts cost nothing more, by whatever
-- index they are read. Nothing of the installation's is ever held.
create view whole_accounts as
select id, owner_id, purpose, asset, may_be_negative, balance, held, created_at
from accounts where owner_id > '00000000-0000-0000-0000-000000007fff'
union all
select id, owner_id, purpose, asset, may_be_negative, balance + (
  select coalesce(sum(part.balance), 0) from accounts part
  where part.owner_id > '00000000-0000-0000-0000-000000000000' and part.owner_id <= '00000000-0000-0000-0000-000000007fff'
    and part.purpose = whole.purpose and part.asset = whole.asset
), held, created_at
from accounts whole where owner_id = '00000000-0000-0000-0000-000000000000';

-- Transfers between accounts, whichever part of one was moved.
create view account_transfers as
select t.shard, t.seq, t.order_id, t.line, coalesce(debit.account_id, t.debit_account_id) as debit_account_id,
  coalesce(credit.account_id, t.credit_account_id) as credit_account_id, t.amount, t.reason, t.at
from transfers t
left join account_parts debit on debit.id = t.debit_account_id
left join account_parts credit on credit.id = t.credit_account_id;
