import type { Check } from '../desk.ts';

const withdrawals = (which: string): string => `select o.id::text as subject,
  format('%s, hold of %s: captured %s, released %s', o.status, h.amount, h.captured, h.released) as detail
from orders o left join holds h on h.order_id = o.id
where ${which} and o.kind = 'withdraw' and case
  when o.status = 'pending' then h.id is null or h.captured <> 0 or h.released <> 0
  when o.status = 'completed' then h.id is null or h.captured <> h.amount
  else h.id is not null and h.released <> h.amount end`;

/** What must hold about withdrawals at any time. */
export const PAYMENTS_CHECKS: readonly Check[] = [
  {
    name: 'payments_withdrawals',
    sql: withdrawals('true'),
    // Pending ones by their index: their holds may be changed without an event.
    since: ({ events }) =>
      withdrawals(`(o.status = 'pending' or o.id in (select e.order_id from events e where ${events('e')}))`),
  },
  {
    name: 'payments_pending_withdrawals',
    sql: `select coalesce(o.id, p.order_id)::text as subject,
  format('order %s, row of %s', o.status, p.amount) as detail
from (select id, user_id, status from orders where kind = 'withdraw' and status = 'pending') o
full join pending_withdrawals p on p.order_id = o.id
left join holds h on h.order_id = p.order_id
where o.id is null or p.order_id is null or p.user_id <> o.user_id or p.amount is distinct from h.amount`,
  },
];
