-- Who can be paid under a handle: money that anyone sent to any handle was out of everyone's reach.
create table merchants (
  -- Small letters; never like a user's id.
  handle text primary key constraint merchants_handle check (handle ~ '^[a-z0-9][a-z0-9._-]{0,79}$' and not starts_with(handle, 'usr_')),
  name text not null,
  -- Whose cash account receives; null: the merchant has accounts of its own.
  owner_id uuid references users (id),
  created_at timestamptz not null,
  disabled_at timestamptz
);

-- Who was paid before goes on being paid. An account tells no handle, the payment does.
insert into merchants (handle, name, created_at)
select result ->> 'merchant', result ->> 'merchant', min(created_at) from orders
where kind = 'pay' and status = 'completed' and not starts_with(result ->> 'merchant', 'usr_')
  and exists (select from accounts where purpose = 'merchant')
group by 1, 2;
