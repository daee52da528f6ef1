import { REASONS } from '@millrace/contract';
import type { Answer, OrderAnswer } from '../intake/intake.ts';

/**
 * The order of a command that was decided.
 *
 * @throws Error where it was not decided (the queue is full, the process ends, …), or became a dead letter: it has to be
 *   submitted again, which after an operator's retry of the letter finds what that has decided.
 */
export function submitted(answer: Answer): OrderAnswer {
  if (!answer.ok) throw new Error(`${answer.problem.code}: ${answer.problem.detail}`);
  const { order } = answer;
  if (order.status === 'failed')
    throw new Error(`${order.kind} ${order.id} is a dead letter: ${REASONS.internal_error}`);
  return order;
}
