import { ERRORS, OrderShape, type ProblemBody } from '@millrace/contract';
import type { FastifyReply } from 'fastify';
import { Compile } from 'typebox/compile';
import type { Caller } from '../../../core/caller.ts';
import { fieldFaults } from '../../../core/faults.ts';
import { formatId, parseId, uuidv7 } from '../../../core/ids.ts';
import type { OrderAnswer } from '../../../core/order.ts';
import { type Problem, problem } from '../../../core/result.ts';
import { keyInBatch } from '../../../intake/batch-key.ts';
import type { Answer, Intake, Submission } from '../../../intake/intake.ts';
import { problemBody, sendProblem } from '../problems.ts';
import type { Idempotency } from '../request-headers.ts';
import type { RestServices } from '../services.ts';
import { sendJson } from './handler.ts';

/** An order as it comes over the wire: the parameters of its kind lie flat beside `kind` and `id`. */
export interface FlatOrder {
  kind: string;
  id?: string;
  [parameter: string]: unknown;
}

export function submissionOf({ kind, id, ...params }: FlatOrder, idempotency: Idempotency | undefined): Submission {
  return { kind, id, params, idempotency };
}

/** 201, or 202 where the outside still has to answer. */
function statusOf(order: OrderAnswer): 201 | 202 {
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

/** What is known when the wait is over: intake's answer, or the id under which it can be asked for. */
export type Waited = { answer: Answer } | { answer: undefined; orderId: string | undefined };

/**
 * Submits, and waits at most so long. An order that is durable by then is answered as it is known. One that is not is
 * not acknowledged: the caller is told that the outcome is not known, and under which id it will be found.
 */
export async function submitWithin(
  services: RestServices,
  caller: Caller,
  submission: Submission,
  seconds: number,
): Promise<Waited> {
  // Without a key the order needs an id that both sides know. With one, the repeated request finds it.
  const id = submission.id ?? (submission.idempotency ? undefined : formatId('order', uuidv7()));
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, seconds * 1000, undefined);
  });
  const answer = await Promise.race([services.intake.submit(caller, { ...submission, id }), timeout]);
  clearTimeout(timer);
  if (answer) return { answer };
  const uuid = id === undefined ? undefined : parseId('order', id);
  const order = uuid === undefined ? undefined : await services.orders.get(caller, uuid);
  return order ? { answer: { ok: true, order, replayed: false } } : { answer: undefined, orderId: id };
}

export type BatchResult = { status: number; order: OrderAnswer } | { status: number; problem: ProblemBody };

const shape = Compile(OrderShape);

export interface Batch {
  orders: readonly unknown[];
  idempotency: Idempotency | undefined;
  requestId: string;
}

export type BatchAnswer = { ok: true; results: BatchResult[]; replayed: boolean } | { ok: false; problem: Problem };

/** Pointers of an order's problem, from the batch's body on. */
function placed(problem: Problem, index: number): Problem {
  if (!problem.errors) return problem;
  return {
    ...problem,
    errors: problem.errors.map(({ pointer, detail }) => ({ pointer: `/orders/${index}${pointer}`, detail })),
  };
}

function resultOf(answer: Answer, index: number, requestId: string): BatchResult {
  if (answer.ok) return { status: statusOf(answer.order), order: answer.order };
  return { status: ERRORS[answer.problem.code].http, problem: problemBody(placed(answer.problem, index), requestId) };
}

/**
 * Submits every order at once, in their order, and answers one result for each. A key that belongs to another batch, or to
 * one that is under way, refuses the whole before anything is submitted.
 */
export async function submitBatch(
  intake: Pick<Intake, 'submit' | 'holdBatchKey'>,
  caller: Caller,
  { orders, idempotency, requestId }: Batch,
): Promise<BatchAnswer> {
  const held = idempotency && (await intake.holdBatchKey(caller, idempotency));
  if (held && !held.ok) return held;
  const submit = async (order: unknown, index: number): Promise<Answer> =>
    shape.Check(order)
      ? intake.submit(caller, submissionOf(order, idempotency && keyInBatch(idempotency, index)))
      : malformed(order);
  try {
    const answers = await Promise.all(orders.map(submit));
    return {
      ok: true,
      results: answers.map((answer, index) => resultOf(answer, index, requestId)),
      replayed: answers.some((answer) => answer.ok) && answers.every((answer) => !answer.ok || answer.replayed),
    };
  } finally {
    held?.value();
  }
}

function malformed(order: unknown): Answer {
  const errors = fieldFaults(shape.Errors(order));
  return problem('invalid_request', 'The order is not valid.', { errors });
}
