import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from '../problems.ts';
import { idempotencyOf, preferencesOf } from '../request-headers.ts';
import type { RestServices } from '../services.ts';
import { type Handlers, pathId, sendJson, sendNotFound, sendResult } from './handler.ts';
import { type FlatOrder, sendChanged, sendPlaced, submissionOf, submitBatch, submitWithin } from './order-placing.ts';

type OrderOperation =
  | 'submitOrder'
  | 'submitOrders'
  | 'previewOrder'
  | 'listOrders'
  | 'getOrder'
  | 'listOrderEvents'
  | 'explainOrder'
  | 'cancelOrder';

interface ListQuery {
  limit: number;
  cursor?: string;
  kind?: string;
  status?: string;
  from?: string;
  to?: string;
  user_id?: string;
  everybody?: boolean;
}

export function orderHandlers(services: RestServices): Handlers<OrderOperation> {
  const { intake, orders, explanations } = services;

  async function submitOrder(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const submission = submissionOf(request.body as FlatOrder, idempotencyOf(request, 'submitOrder'));
    const { respondAsync, waitSeconds } = preferencesOf(request.headers.prefer);
    if (waitSeconds === undefined)
      return sendPlaced(reply, await intake.submit(request.caller, submission), respondAsync);
    const waited = await submitWithin(services, request.caller, submission, waitSeconds);
    if (waited.answer) return sendPlaced(reply, waited.answer, respondAsync);
    if (waited.orderId !== undefined) reply.header('location', `/v1/orders/${waited.orderId}`);
    return sendProblem(reply, {
      code: 'outcome_unknown',
      detail: `The order was not durable within ${waitSeconds} s.`,
    });
  }

  return {
    submitOrder,
    async submitOrders(request, reply) {
      const answer = await submitBatch(intake, request.caller, {
        orders: (request.body as { orders: unknown[] }).orders,
        idempotency: idempotencyOf(request, 'submitOrders'),
        requestId: request.id,
      });
      if (!answer.ok) return sendProblem(reply, answer.problem);
      if (answer.replayed) reply.header('idempotent-replayed', 'true');
      return sendJson(reply, 200, { results: answer.results });
    },
    async previewOrder(request, reply) {
      return sendResult(
        reply,
        await intake.preview(request.caller, submissionOf(request.body as FlatOrder, undefined)),
      );
    },
    async listOrders(request, reply) {
      return sendResult(reply, await orders.list(request.caller, request.query as ListQuery));
    },
    async getOrder(request, reply) {
      const order = await orders.get(request.caller, pathId(request, 'order'));
      return order ? sendJson(reply, 200, order) : sendNotFound(reply);
    },
    async listOrderEvents(request, reply) {
      const events = await orders.events(request.caller, pathId(request, 'order'));
      return events ? sendJson(reply, 200, { data: events }) : sendNotFound(reply);
    },
    async explainOrder(request, reply) {
      const explanation = await explanations.explain(request.caller, pathId(request, 'order'));
      return explanation ? sendJson(reply, 200, explanation) : sendNotFound(reply);
    },
    async cancelOrder(request, reply) {
      return sendChanged(
        reply,
        await intake.cancel(request.caller, pathId(request, 'order'), idempotencyOf(request, 'cancelOrder')),
      );
    },
  };
}
