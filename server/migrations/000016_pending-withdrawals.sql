-- Withdrawals that wait for their answer, one row each: what a user may have waiting at a time is read from here, under the
-- shard that decides, and not looked up among all orders.
create table pending_withdrawals (
  order_id uuid primary key,
  user_id uuid not null,
  asset text not null,
  amount bigint not null check (amount > 0)
) with (fillfactor = 70);
create index pending_withdrawals_of_user on pending_withdrawals (user_id);

insert into pending_withdrawals (order_id, user_id, asset, amount)
select o.id, o.user_id, a.asset, h.amount
from orders o join holds h on h.order_id = o.id join accounts a on a.id = h.account_id
where o.kind = 'withdraw' and o.status = 'pending';
