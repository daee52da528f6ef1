import { ERRORS, OrderShape, type ProblemBody } from '@millrace/contract';
import { Compile } from 'typebox/compile';
import { fieldFaults } from '../../../core/faults.ts';
import type { Problem } from '../../../core/result.ts';
import type { Answer, Caller, Intake, OrderAnswer } from '../../../intake/intake.ts';
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

/** Each order has a key of its own, so that it acts once; all have the batch's fingerprint, so that another batch is told apart. */
function keyOf(idempotency: Idempotency | undefined, index: number): Idempotency | undefined {
  return idempotency && { ...idempotency, key: `${idempotency.key}#${index}` };
}

function isWhole(problem: Problem): boolean {
  return problem.code === 'idempotency_mismatch' || problem.code === 'idempotency_in_flight';
}

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
 * Submits every order at once, in their order, and answers one result for each. With a key the first goes ahead alone:
 * it shows whether the key belongs to another batch, or to one that is under way, before anything else is submitted.
 */
export async function submitBatch(
  intake: Pick<Intake, 'submit'>,
  caller: Caller,
  { orders, idempotency, requestId }: Batch,
): Promise<BatchAnswer> {
  const submit = async (order: unknown, index: number): Promise<Answer> => {
    if (shape.Check(order)) return intake.submit(caller, submissionOf(order, keyOf(idempotency, index)));
    return {
      ok: false,
      problem: { code: 'invalid_request', detail: 'The order is not valid.', errors: fieldFaults(shape.Errors(order)) },
    };
  };
  const ahead: Answer[] = [];
  if (idempotency) {
    const first = await submit(orders[0], 0);
    if (!first.ok && isWhole(first.problem)) return first;
    ahead.push(first);
  }
  const rest = await Promise.all(orders.slice(ahead.length).map((order, index) => submit(order, ahead.length + index)));
  const answers = [...ahead, ...rest];
  return {
    ok: true,
    results: answers.map((answer, index) => resultOf(answer, index, requestId)),
    replayed: answers.some((answer) => answer.ok) && answers.every((answer) => !answer.ok || answer.replayed),
  };
}
