import type { Check } from '../desk.ts';

/** What must hold about withdrawals at any time. */
export const PAYMENTS_CHECKS: readonly Check[] = [
  {
    name: 'payments_withdrawals',
    sql: `select o.id::text as subject,
  format('%s, hold of %s: captured %s, released %s', o.status, h.amount, h.captured, h.released) as detail
from orders o left join holds h on h.order_id = o.id
where o.kind = 'withdraw' and case
  when o.status = 'pending' then h.id is null or h.captured <> 0 or h.released <> 0
  when o.status = 'completed' then h.id is null or h.captured <> h.amount
  else h.id is not null and h.released <> h.amount end`,
  },
];
