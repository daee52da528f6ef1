import { ERRORS, OrderShape, type ProblemBody } from '@millrace/contract';
import { Compile } from 'typebox/compile';
import type { Caller } from '../../../core/caller.ts';
import type { OrderAnswer } from '../../../core/order.ts';
import { fieldFaults } from '../../../core/faults.ts';
import { type Problem, problem } from '../../../core/result.ts';
import { keyInBatch } from '../../../intake/batch-key.ts';
import type { Answer, Intake } from '../../../intake/intake.ts';
import type { Idempotency } from '../idempotency.ts';
import { problemBody } from '../problems.ts';
import { statusOf } from './order-answers.ts';
import { submissionOf } from './submission.ts';

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
