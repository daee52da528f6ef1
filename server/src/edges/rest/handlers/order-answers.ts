import type { FastifyReply } from 'fastify';
import type { OrderAnswer } from '../../../core/order.ts';
import type { Answer } from '../../../intake/intake.ts';
import { sendProblem } from '../problems.ts';
import { sendJson } from './handler.ts';

/** 201, or 202 where the outside still has to answer. */
export function statusOf(order: OrderAnswer): 201 | 202 {
  return order.status === 'pending' ? 202 : 201;
}

/** A placed order: 201 with its `Location`, 202 where it is pending or the caller preferred not to wait. */
export function sendPlaced(reply: FastifyReply, answer: Answer, respondAsync: boolean): FastifyReply {
  if (!answer.ok) return sendProblem(reply, answer.problem);
  const { order } = answer;
  reply.header('location', `/v1/orders/${order.id}`);
  if (answer.replayed) reply.header('idempotent-replayed', 'true');
  if (respondAsync) reply.header('preference-applied', 'respond-async');
  return sendJson(reply, respondAsync ? 202 : statusOf(order), order);
}

/** An order that something was done to. */
export function sendChanged(reply: FastifyReply, answer: Answer): FastifyReply {
  if (!answer.ok) return sendProblem(reply, answer.problem);
  if (answer.replayed) reply.header('idempotent-replayed', 'true');
  return sendJson(reply, 200, answer.order);
}
