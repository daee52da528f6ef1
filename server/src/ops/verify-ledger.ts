import { type Kind, KINDS } from '@millrace/contract';
import { MAY_BE_NEGATIVE, purposesOf, SYSTEM_OWNER } from '../ledger/index.ts';
import type { CoreCheck } from './verify-check.ts';

const quoted = (words: Iterable<string>): string => [...words].map((word) => `'${word}'`).join(', ');

/** Kinds that move money under their own order when they are completed. */
const MOVES_MONEY = Object.entries<Kind>(KINDS).flatMap(([name, { movesMoney }]) => (movesMoney ? [name] : []));

const sumsOf = (which: string): string => `select id, sum(amount) as sum from (
    select credit_account_id as id, amount from transfers t where ${which}
    union all select debit_account_id, -amount from transfers t where ${which}
  ) as sides group by id`;

/** A shard moves its own part of an account, or part 0, which was once all of it. */
const transfersHaveAccounts = (which: string): string => `select format('trf_%s-%s', t.shard, t.seq) as subject,
  case when d.id is null then format('debits acc_%s, which does not exist', t.debit_account_id)
    when c.id is null then format('credits acc_%s, which does not exist', t.credit_account_id)
    when dp.id is not null then format('debits acc_%s, which is the part of shard %s', dp.id, dp.shard)
    when cp.id is not null then format('credits acc_%s, which is the part of shard %s', cp.id, cp.shard)
    else format('from an account in %s to one in %s', d.asset, c.asset) end as detail
from transfers t left join accounts d on d.id = t.debit_account_id left join accounts c on c.id = t.credit_account_id
left join account_parts dp on dp.id = t.debit_account_id and dp.shard <> t.shard
left join account_parts cp on cp.id = t.credit_account_id and cp.shard <> t.shard
where ${which} and (d.id is null or c.id is null or d.asset <> c.asset or dp.id is not null or cp.id is not null)`;

const transfersHaveOrders = (which: string): string => `select format('trf_%s-%s', t.shard, t.seq) as subject,
  case when o.id is null then format('belongs to ord_%s, which does not exist', t.order_id)
    else format('moved %s for ord_%s, which is %s', t.amount, o.id, o.status) end as detail
from transfers t left join orders o on o.id = t.order_id
where ${which} and (o.id is null or o.status in ('rejected', 'failed'))`;

const MOVED_NOTHING = `'ord_' || o.id as subject, format('%s is completed, but moved nothing', o.kind) as detail`;

/** Transfers that were written before they had a line are told apart by their parties and reason. */
const postingsActOnce = (which: string): string => `select 'ord_' || order_id as subject,
  case when line = 0 then format('%s transfers for %s from acc_%s to acc_%s', count(*), min(reason), debit, credit)
    else format('%s transfers of line %s, one of them for %s', count(*), line, min(reason)) end as detail
from (
  select t.order_id, t.line, t.reason, case when t.line = 0 then t.debit_account_id end as debit,
    case when t.line = 0 then t.credit_account_id end as credit, case when t.line = 0 then t.reason end as why
  from transfers t where ${which}
) as posted
group by order_id, line, debit, credit, why having count(*) > 1`;

const keysHaveOrders = (
  which: string,
): string => `select format('usr_%s %s %s', k.user_id, k.operation, k.key) as subject,
  case when o.id is null then format('stands for ord_%s, which does not exist', k.order_id)
    else format('stands for ord_%s, which another user placed', o.id) end as detail
from idempotency_keys k left join orders o on o.id = k.order_id
where ${which} and (o.id is null or coalesce(o.actor_id, o.user_id) is distinct from k.user_id)`;

/** Invariants M, N and 1: the ledger agrees with itself and with the orders. */
export const LEDGER_CHECKS: readonly CoreCheck[] = [
  {
    name: 'balances_equal_transfers',
    counted: 'accounts',
    sql: `select 'acc_' || a.id as subject, format('balance %s, but its transfers sum to %s', a.balance, coalesce(t.sum, 0)) as detail
from accounts a left join (
  ${sumsOf('true')}
) t on t.id = a.id
where a.balance <> coalesce(t.sum, 0)`,
    since: ({ transfers }) => `select 'acc_' || coalesce(a.id, p.account_id) as subject,
  case when a.id is null then format('does not exist, but its proven transfers sum to %s', p.balance)
    else format('balance %s, but its transfers sum to %s', a.balance, coalesce(p.balance, 0) + coalesce(t.sum, 0)) end as detail
from accounts a full join proven_balances p on p.account_id = a.id left join (
  ${sumsOf(transfers('t'))}
) t on t.id = a.id
where a.id is null or a.balance <> coalesce(p.balance, 0) + coalesce(t.sum, 0)`,
  },
  {
    name: 'assets_sum_to_zero',
    counted: 'assets',
    sql: `select asset as subject, format('all balances sum to %s', sum(balance)) as detail
from accounts group by asset having sum(balance) <> 0`,
  },
  {
    name: 'transfers_have_accounts',
    counted: 'transfers',
    sql: transfersHaveAccounts('true'),
    since: ({ transfers }) => transfersHaveAccounts(transfers('t')),
  },
  {
    name: 'accounts_not_overdrawn',
    counted: 'accounts',
    sql: `select 'acc_' || id as subject, format('balance %s, held %s', balance, held) as detail
from accounts where held < 0 or (balance < held and purpose not in (${quoted(MAY_BE_NEGATIVE)}))`,
  },
  {
    name: 'held_equals_holds',
    counted: 'accounts',
    sql: `select 'acc_' || coalesce(a.id, h.id) as subject,
  case when a.id is null then format('does not exist, but its open holds sum to %s', h.sum)
    else format('held %s, but its open holds sum to %s', a.held, coalesce(h.sum, 0)) end as detail
from accounts a full join (
  select account_id as id, sum(amount - captured - released) as sum from holds
  where captured + released < amount group by account_id
) h on h.id = a.id
where coalesce(a.held, -1) <> coalesce(h.sum, 0)`,
  },
  {
    name: 'holds_are_sound',
    counted: 'holds',
    sql: `select h.id::text as subject,
  case when o.id is null then format('belongs to ord_%s, which does not exist', h.order_id)
    when h.captured + h.released > h.amount then format('captured %s and released %s of %s', h.captured, h.released, h.amount)
    else format('ord_%s is %s, but %s is still held', o.id, o.status, h.amount - h.captured - h.released) end as detail
from holds h left join orders o on o.id = h.order_id
where o.id is null or h.captured + h.released > h.amount
  or (o.status in ('rejected', 'canceled', 'failed') and h.captured + h.released < h.amount)`,
  },
  {
    name: 'account_ids_are_derived',
    counted: 'accounts',
    sql: `select 'acc_' || a.id as subject,
  case when a.id is distinct from a.derived then format('should be acc_%s for %s/%s/%s', a.derived, a.owner_id, a.purpose, a.asset)
    when a.has_asset then format('an account for %s that may be negative: %s', a.purpose, a.may_be_negative)
    else format('counts %s, which is no asset', a.asset) end as detail
from (
  select a.*, s.code is not null as has_asset,
    derived_id(i.inner_key, i.outer_key, format('account/%s/%s/%s', a.owner_id, a.purpose, a.asset)) as derived
  from accounts a left join assets s on s.code = a.asset
  left join (select hmac_key(secret, 54) as inner_key, hmac_key(secret, 92) as outer_key from installation) i on true
) a
where a.id is distinct from a.derived or not a.has_asset or a.may_be_negative <> (a.purpose in (${quoted(MAY_BE_NEGATIVE)}))`,
  },
  {
    name: 'accounts_are_whole',
    counted: 'accounts',
    sql: `select 'acc_' || id as subject,
  case when is_system <> is_for_system then format('an account for %s, which belongs to %s', purpose, owner_id)
    else format('a part of an account for %s in %s that does not exist', purpose, asset) end as detail
from (
  select a.id, a.owner_id, a.purpose, a.asset, part.id is not null and part.account_id is null as is_lost,
    a.owner_id = '${SYSTEM_OWNER}' or part.id is not null as is_system, a.purpose in (${quoted(purposesOf('installation'))}) as is_for_system
  from accounts a left join account_parts part on part.id = a.id
) a
where is_system <> is_for_system or is_lost`,
  },
  {
    name: 'transfers_have_orders',
    counted: 'transfers',
    sql: transfersHaveOrders('true'),
    since: ({ transfers }) => transfersHaveOrders(transfers('t')),
  },
  {
    name: 'completed_orders_have_transfers',
    counted: 'orders',
    sql: `select ${MOVED_NOTHING}
from orders o
where o.status = 'completed' and o.kind in (${quoted(MOVES_MONEY)})
  and not exists (select from transfers t where t.order_id = o.id)`,
    // An order and what it moved are of one commit. Commands of the system tell of no status: only a full run sees these.
    since: ({ events, transfers }) => `select ${MOVED_NOTHING}
from events e join orders o on o.id = e.order_id
where ${events('e')} and e.type = 'order_processed' and e.data ->> 'status' = 'completed'
  and o.status = 'completed' and o.kind in (${quoted(MOVES_MONEY)})
  and o.id not in (select t.order_id from transfers t where ${transfers('t')})`,
  },
  {
    name: 'postings_act_once',
    counted: 'transfers',
    sql: postingsActOnce('true'),
    // What acted before has transfers of an earlier time, which is its order's: a transfer carries its command's.
    since: ({ transfers }) => `${postingsActOnce(transfers('t'))}
union all
select distinct 'ord_' || o.id, format('moved something at %s, and was decided at %s', t.at, o.updated_at)
from transfers t join orders o on o.id = t.order_id where ${transfers('t')} and t.at not in (o.created_at, o.updated_at)`,
  },
  {
    name: 'idempotency_keys_have_orders',
    counted: 'idempotency_keys',
    sql: keysHaveOrders('true'),
    since: ({ keys }) => keysHaveOrders(keys('k')),
  },
];
