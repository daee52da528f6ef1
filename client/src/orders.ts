import type {
  OrderExplanationView,
  OrdersQuery,
  WireBatchResult,
  WireEventEnvelope,
  WireOrder,
  WireOrderRequest,
  WirePage,
  WirePreview,
} from '@millrace/contract';
import { unexpectedAnswer } from './error.ts';
import type { CallOptions, Transport } from './http.ts';
import { itemsOf } from './pages.ts';

/**
 * A new order id: a UUID of version 7, in order of time, which keeps the server's index growing at one end. Made here, so
 * that a request whose answer was lost can be sent again and acts once.
 */
export function newOrderId(): string {
  return `ord_${uuidv7()}`;
}

export function newIdempotencyKey(): string {
  return uuidv7();
}

function uuidv7(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  const now = Date.now();
  view.setUint32(0, Math.floor(now / 0x1_0000));
  view.setUint16(4, now % 0x1_0000);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export interface SubmitOptions extends CallOptions {
  /** Do not wait for the outcome: the answer may be `pending`, and the outcome comes as an event. */
  respondAsync?: boolean;
  /**
   * Wait for the outcome for at most this many seconds (60 at the most). After that `outcome_unknown` is thrown, and the
   * order may still happen: send it again with the same id.
   */
  waitSeconds?: number;
}

export interface Orders {
  /**
   * Places an order. One without an id gets one, so that it acts once however often it has to be sent. An order that a
   * rule refuses is an answer, not an error: `status` is `rejected`, and `reason` says why.
   */
  submit(order: WireOrderRequest, options?: SubmitOptions): Promise<WireOrder & { replayed: boolean }>;
  /** At most 1,000 orders; one result for each, in their order. One that is refused harms no other. */
  submitBatch(orders: readonly WireOrderRequest[], options?: CallOptions): Promise<WireBatchResult[]>;
  /** What the order would do now. Changes nothing. */
  preview(order: WireOrderRequest, options?: CallOptions): Promise<WirePreview>;
  get(id: string, options?: CallOptions): Promise<WireOrder>;
  list(query?: OrdersQuery, options?: CallOptions): Promise<WirePage<WireOrder>>;
  /** Every order that the query finds, page by page as they are read. */
  all(query?: OrdersQuery, options?: CallOptions): AsyncGenerator<WireOrder>;
  events(id: string, options?: CallOptions): Promise<WireEventEnvelope[]>;
  /** What became of it and why, what it moved, and who was told. */
  explain(id: string, options?: CallOptions): Promise<OrderExplanationView>;
  cancel(id: string, options?: CallOptions): Promise<WireOrder>;
}

export function createOrders(transport: Transport): Orders {
  const list: Orders['list'] = async (query = {}, options) =>
    (await transport.send<WirePage<WireOrder>>({ method: 'GET', path: '/v1/orders', query }, options)).body;

  return {
    async submit(order, { respondAsync, waitSeconds, ...options } = {}) {
      const prefer = preferenceOf(respondAsync, waitSeconds);
      const reply = await transport.send<WireOrder>(
        {
          method: 'POST',
          path: '/v1/orders',
          body: withId(order),
          headers: prefer === '' ? {} : { prefer },
          waitMs: waitSeconds === undefined ? undefined : waitSeconds * 1000,
          idempotent: true,
        },
        options,
      );
      return { ...reply.body, replayed: reply.headers.get('idempotent-replayed') === 'true' };
    },
    async submitBatch(orders, options) {
      const body = { orders: orders.map(withId) };
      const reply = await transport.send<{ results: WireBatchResult[] }>(
        { method: 'POST', path: '/v1/orders/batch', body, idempotent: true },
        options,
      );
      const { results } = reply.body;
      // They are read one by one, each as an object.
      if (!Array.isArray(results) || results.some((result: unknown) => typeof result !== 'object' || result === null))
        throw unexpectedAnswer('the answer has no results', reply.status);
      return results;
    },
    preview: async (order, options) =>
      (
        await transport.send<WirePreview>(
          { method: 'POST', path: '/v1/orders/preview', body: order, idempotent: true },
          options,
        )
      ).body,
    get: async (id, options) => (await transport.send<WireOrder>({ method: 'GET', path: pathOf(id) }, options)).body,
    list,
    all: (query = {}, options) => itemsOf((cursor) => list({ ...query, ...cursor }, options)),
    events: async (id, options) =>
      (await transport.send<{ data: WireEventEnvelope[] }>({ method: 'GET', path: `${pathOf(id)}/events` }, options))
        .body.data,
    explain: async (id, options) =>
      (await transport.send<OrderExplanationView>({ method: 'GET', path: `${pathOf(id)}/explanation` }, options)).body,
    async cancel(id, options) {
      const headers = { 'idempotency-key': newIdempotencyKey() };
      return (
        await transport.send<WireOrder>(
          { method: 'POST', path: `${pathOf(id)}/cancel`, headers, idempotent: true },
          options,
        )
      ).body;
    },
  };
}

export function withId(order: WireOrderRequest): WireOrderRequest {
  return order.id === undefined ? { ...order, id: newOrderId() } : order;
}

function pathOf(id: string): string {
  return `/v1/orders/${encodeURIComponent(id)}`;
}

function preferenceOf(respondAsync: boolean | undefined, waitSeconds: number | undefined): string {
  const parts = [respondAsync ? 'respond-async' : '', waitSeconds === undefined ? '' : `wait=${waitSeconds}`];
  return parts.filter((part) => part !== '').join(', ');
}
