import { OrderExplanation } from '../schemas/explanations.ts';
import { Order, OrderPage, OrderParams } from '../schemas/order.ts';
import {
  BATCH_ORDERS_MAX,
  ListOrders,
  OrderBatch,
  OrderBatchAnswer,
  OrderBatchShape,
  OrderEvents,
  OrderRequest,
  OrderShape,
  Preview,
} from '../schemas/orders.ts';
import { EVERYBODY } from '../roles.ts';
import { BATCH_BODY_LIMIT_BYTES, type Operation } from './operation.ts';

const read = { scope: 'orders:read', roles: EVERYBODY } as const;
const write = { scope: 'orders:write', roles: EVERYBODY } as const;

export const ORDER_OPERATIONS = [
  {
    operationId: 'submitOrder',
    method: 'POST',
    path: '/v1/orders',
    tag: 'orders',
    summary: 'Place an order',
    description:
      'Answers when the order is durable, usually with its final status. An order that a rule refuses is no error: it has ' +
      'the status `rejected` and a `reason`. Sent again with the same `id` or `Idempotency-Key` and the same body, it acts ' +
      'once and gets the first answer; while the first is under way it waits for it. An error that left no order is answered ' +
      'again for 60 s, unless the same request may succeed later.',
    access: write,
    headers: ['Idempotency-Key', 'Prefer'],
    body: OrderRequest,
    bodyShape: OrderShape,
    responses: {
      201: { description: 'The order, decided.', schema: Order, headers: ['Location', 'Idempotent-Replayed'] },
      202: {
        description: 'The order is durable and waits for the outside, or the request preferred not to wait.',
        schema: Order,
        headers: ['Location', 'Idempotent-Replayed', 'Preference-Applied'],
      },
    },
    errors: ['invalid_amount', 'idempotency_mismatch', 'id_taken', 'rate_limited', 'outcome_unknown'],
  },
  {
    operationId: 'submitOrders',
    method: 'POST',
    path: '/v1/orders/batch',
    tag: 'orders',
    summary: 'Place many orders',
    description:
      `At most ${BATCH_ORDERS_MAX} orders, decided in their order. Each has a result of its own; one that is refused harms no ` +
      'other. With an `Idempotency-Key` each order acts once, however often the same batch is sent; ' +
      'a batch waits for one under the same key that is under way, 30 s at most.',
    access: write,
    headers: ['Idempotency-Key'],
    body: OrderBatch,
    bodyShape: OrderBatchShape,
    bodyLimitBytes: BATCH_BODY_LIMIT_BYTES,
    responses: {
      200: { description: 'One result for each order.', schema: OrderBatchAnswer, headers: ['Idempotent-Replayed'] },
    },
    errors: ['idempotency_in_flight', 'idempotency_mismatch', 'rate_limited'],
  },
  {
    operationId: 'previewOrder',
    method: 'POST',
    path: '/v1/orders/preview',
    tag: 'orders',
    summary: 'See what an order would do',
    description: 'Decides the order on the state of this moment and changes nothing.',
    access: write,
    body: OrderRequest,
    bodyShape: OrderShape,
    responses: { 200: { description: 'The outcome that the order would have now.', schema: Preview } },
    errors: ['invalid_amount', 'rate_limited'],
  },
  {
    operationId: 'listOrders',
    method: 'GET',
    path: '/v1/orders',
    tag: 'orders',
    summary: 'List orders',
    description:
      'Own orders, newest first. Operators (`operate`) may ask for another user’s, or for everybody’s. A page with a filter ' +
      'may hold less than `limit` and still have more behind it.',
    access: read,
    query: ListOrders,
    responses: { 200: { description: 'A page of orders.', schema: OrderPage } },
    errors: ['invalid_cursor', 'forbidden'],
  },
  {
    operationId: 'getOrder',
    method: 'GET',
    path: '/v1/orders/{id}',
    tag: 'orders',
    summary: 'Read an order',
    access: read,
    params: OrderParams,
    responses: { 200: { description: 'The order.', schema: Order } },
  },
  {
    operationId: 'listOrderEvents',
    method: 'GET',
    path: '/v1/orders/{id}/events',
    tag: 'orders',
    summary: 'Read what happened to an order',
    access: read,
    params: OrderParams,
    responses: { 200: { description: 'The order’s events.', schema: OrderEvents } },
  },
  {
    operationId: 'explainOrder',
    method: 'GET',
    path: '/v1/orders/{id}/explanation',
    tag: 'orders',
    summary: 'Understand an order',
    description: 'What became of it and why, what it waits for, what it moved, and who was told.',
    access: read,
    params: OrderParams,
    responses: { 200: { description: 'The explanation.', schema: OrderExplanation } },
  },
  {
    operationId: 'cancelOrder',
    method: 'POST',
    path: '/v1/orders/{id}/cancel',
    tag: 'orders',
    summary: 'Cancel an order',
    description: 'Possible while it is pending and has not gone too far.',
    access: write,
    params: OrderParams,
    headers: ['Idempotency-Key'],
    responses: { 200: { description: 'The order, canceled.', schema: Order, headers: ['Idempotent-Replayed'] } },
    errors: ['order_not_cancelable', 'idempotency_mismatch', 'rate_limited'],
  },
] as const satisfies readonly Operation[];
