import type { OrderExplanationView, OrdersQuery, WireEventEnvelope, WireOrder } from '@millrace/contract';
import type { OrderPages } from './queries.ts';

/** Whether an order belongs into the list of one's own orders that the query asks for. */
export function isWanted(order: WireOrder, query: OrdersQuery): boolean {
  const { kind, status, user_id, everybody, from, to } = query;
  if (everybody || (user_id !== undefined && user_id !== order.user_id)) return false;
  const at = Date.parse(order.created_at);
  return (
    (kind === undefined || order.kind === kind) &&
    (status === undefined || order.status === status) &&
    (from === undefined || at >= Date.parse(from)) &&
    (to === undefined || at < Date.parse(to))
  );
}

/** The list with the order as it is now: in its place, or in front where it is new. One that no longer fits stays where one saw it. */
export function withOrder(pages: OrderPages, query: OrdersQuery, order: WireOrder): OrderPages {
  const [first, ...rest] = pages.pages;
  if (pages.pages.some(({ data }) => data.some(({ id }) => id === order.id))) {
    const replaced = pages.pages.map((page) => ({
      ...page,
      data: page.data.map((one) => (one.id === order.id && one.updated_at <= order.updated_at ? order : one)),
    }));
    return { ...pages, pages: replaced };
  }
  if (!first || !isWanted(order, query)) return pages;
  return { ...pages, pages: [{ ...first, data: [order, ...first.data] }, ...rest] };
}

/** The explanation with an event that has just happened: status and timeline move at once, the rest when it is read again. */
export function withEvent(explanation: OrderExplanationView, event: WireEventEnvelope): OrderExplanationView {
  if (explanation.events.some(({ id }) => id === event.id)) return explanation;
  const { status, reason, result } = event.data as Partial<Pick<WireOrder, 'status' | 'reason' | 'result'>>;
  const order =
    event.type === 'order_processed' && status !== undefined
      ? { ...explanation.order, status, reason: reason ?? null, result: result ?? {}, updated_at: event.time }
      : explanation.order;
  const isFinal = order.status !== 'pending' && order.status !== 'open';
  return {
    ...explanation,
    order,
    waits_for: isFinal ? null : explanation.waits_for,
    // Its place in the log comes with the next reading; nothing here shows it before.
    events: [...explanation.events, { ...event, cursor: '' }] as OrderExplanationView['events'],
  };
}
