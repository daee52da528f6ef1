-- Ids that only this installation can derive. They were plain hashes of names that anyone can guess: whoever knew the code
-- could place an order under the id of a command that the system had yet to give, and tell from an account's id whose it is.

-- Known to the server alone: never on the wire, never in a log. Two random UUIDs have 244 random bits.
alter table installation add column secret bytea check (length(secret) = 32);
update installation set secret = sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
alter table installation alter column secret set not null;

-- A block of HMAC-SHA-256's (RFC 2104): the secret, filled up to 64 bytes, xor 0x36 (inner) or 0x5c (outer).
create function hmac_key(secret bytea, pad integer) returns bytea language plpgsql immutable strict as $$
declare block bytea := secret || decode(repeat('00', 64 - length(secret)), 'hex');
begin
  for i in 0..63 loop block := set_byte(block, i, get_byte(block, i) # pad); end loop;
  return block;
end
$$;
-- The UUID of version 8 that the server derives from a name. One expression, so that it can be inlined.
create function derived_id(inner_key bytea, outer_key bytea, name text) returns uuid language sql immutable strict
return (
  select encode(set_byte(set_byte(substring(h.mac from 1 for 16),
    6, (get_byte(h.mac, 6) & 15) | 128), 8, (get_byte(h.mac, 8) & 63) | 128), 'hex')::uuid
  from (select sha256(outer_key || sha256(inner_key || convert_to(name, 'UTF8'))) as mac) h
);

-- What the same digest is as a UUID of version 5, which public names have now.
create function pg_temp.public_id(id uuid) returns uuid language sql immutable strict
return overlay(id::text placing '5' from 15 for 1)::uuid;

-- 1. An account for a merchant's handle belongs to the handle's id.
update accounts set owner_id = pg_temp.public_id(owner_id) where purpose = 'merchant' and substr(owner_id::text, 15, 1) = '8';

-- 2. Accounts, and whatever names them.
create temp table moved on commit drop as
select a.id as old, derived_id(i.inner_key, i.outer_key, format('account/%s/%s/%s', a.owner_id, a.purpose, a.asset)) as new
from accounts a
cross join (select hmac_key(secret, 54) as inner_key, hmac_key(secret, 92) as outer_key from installation offset 0) i;
create unique index on moved (old) include (new);
analyze moved;
update accounts a set id = m.new from moved m where m.old = a.id;
update account_lines l set account_id = m.new from moved m where m.old = l.account_id;

-- A withdrawal's hold has its order's id: an order has one hold, and nothing needs to be derived.
update holds h set id = h.order_id, account_id = m.new from moved m where m.old = h.account_id;

-- 3. Commands that are looked for by their id: a user's starting balance, which nothing else protects from being given twice,
-- and what sent and ended a withdrawal. All others look at what the loan or the instalment has come to.
create function pg_temp.guessable_id(name text) returns uuid language sql immutable strict
return (
  select encode(set_byte(set_byte(substring(h.digest from 1 for 16),
    6, (get_byte(h.digest, 6) & 15) | 128), 8, (get_byte(h.digest, 8) & 63) | 128), 'hex')::uuid
  from (select sha256(convert_to(name, 'UTF8')) as digest) h
);
create temp table renamed on commit drop as
select n.id as old, derived_id(i.inner_key, i.outer_key, n.name) as new
from (
  select id, case kind
    when 'grant_bonus' then 'command/bonus/' || substr(params ->> 'user_id', length('usr_') + 1)
    when 'send_withdrawal' then format('command/withdrawal/%s/send', params ->> 'order_id')
    else format('command/withdrawal/%s/settle', params ->> 'order_id') end as name
  from orders where kind in ('grant_bonus', 'send_withdrawal', 'settle_withdrawal') and user_id is null
) n
cross join (select hmac_key(secret, 54) as inner_key, hmac_key(secret, 92) as outer_key from installation offset 0) i
where n.id = pg_temp.guessable_id(n.name);
create unique index on renamed (old);
analyze renamed;
update orders o set id = r.new from renamed r where r.old = o.id;
update dead_letters d set order_id = r.new, command = jsonb_set(d.command::jsonb, '{id}', to_jsonb(r.new::text))::json
from renamed r where r.old = d.order_id;

-- Nothing but this migration ever changes these two logs.
alter table transfers disable trigger transfers_append_only;
update transfers t set debit_account_id = d.new, credit_account_id = c.new, order_id = coalesce(r.new, t.order_id)
from transfers s join moved d on d.old = s.debit_account_id join moved c on c.old = s.credit_account_id
left join renamed r on r.old = s.order_id
where s.shard = t.shard and s.seq = t.seq;
alter table transfers enable trigger transfers_append_only;
alter table events disable trigger events_append_only;
update events e set order_id = r.new,
  subject = case when e.subject = 'ord_' || r.old then 'ord_' || r.new else e.subject end,
  data = replace(e.data::text, r.old::text, r.new::text)::json
from renamed r where r.old = e.order_id;
alter table events enable trigger events_append_only;

-- What was proven named the accounts by their old ids: the next verification reads everything.
truncate proven, proven_balances, proven_counts, proven_totals;
