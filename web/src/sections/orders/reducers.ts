import type { OrderExplanationView, OrdersQuery, WireEventEnvelope, WireOrder } from '@millrace/contract';
import { withInserted } from '../../live/index.ts';
import type { OrderPages } from './queries.ts';

/** Whether an order belongs into the list of one's own orders that the query asks for. */
export function isWanted(order: WireOrder, query: OrdersQuery): boolean {
  const { kind, status } = query;
  return (kind === undefined || order.kind === kind) && (status === undefined || order.status === status);
}

/** The list with the order as it is now: in its place, or where its time puts it. One that no longer fits stays where one saw it. */
export function withOrder(pages: OrderPages, query: OrdersQuery, order: WireOrder): OrderPages {
  if (pages.pages.some(({ data }) => data.some(({ id }) => id === order.id))) {
    const replaced = pages.pages.map((page) => ({
      ...page,
      data: page.data.map((one) => (one.id === order.id && one.updated_at <= order.updated_at ? order : one)),
    }));
    return { ...pages, pages: replaced };
  }
  return isWanted(order, query) ? withInserted(pages, [order], ({ created_at }) => created_at) : pages;
}

/** The list after an event of one of its orders; undefined: it does not hold that one. */
export function withDecision(pages: OrderPages, id: string, event: WireEventEnvelope): OrderPages | undefined {
  const order = pages.pages.flatMap(({ data }) => data).find((one) => one.id === id);
  return order && withOrder(pages, {}, decided(order, event));
}

/** The order as the event leaves it. */
function decided(order: WireOrder, { data, time }: WireEventEnvelope): WireOrder {
  const { status, reason, result } = data as Partial<Pick<WireOrder, 'status' | 'reason' | 'result'>>;
  return status === undefined
    ? order
    : { ...order, status, reason: reason ?? null, result: result ?? {}, updated_at: time };
}

/** The explanation with an event that has just happened: status and timeline move at once, the rest when it is read again. */
export function withEvent(explanation: OrderExplanationView, event: WireEventEnvelope): OrderExplanationView {
  if (explanation.events.some(({ id }) => id === event.id)) return explanation;
  const order = event.type === 'order_processed' ? decided(explanation.order, event) : explanation.order;
  const isFinal = order.status !== 'pending' && order.status !== 'open';
  return {
    ...explanation,
    order,
    waits_for: isFinal ? null : explanation.waits_for,
    // Its place in the log comes with the next reading; nothing here shows it before.
    events: [...explanation.events, { ...event, cursor: '' }] as OrderExplanationView['events'],
  };
}
