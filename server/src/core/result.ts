import type { ErrorCode } from '@millrace/contract';

/** What the caller is told when a request cannot be served. The mapper of each edge turns it into its wire's error. */
export interface Problem {
  code: ErrorCode;
  detail: string;
  /** Fields at fault: JSON pointers into the request's body or query. */
  errors?: { pointer: string; detail: string }[];
  retryAfterSeconds?: number;
}

/** An expected outcome as a value: what may be expected is never thrown. */
export type Result<T> = { ok: true; value: T } | { ok: false; problem: Problem };

/** One page of a list. `next_cursor` is null on the last page. */
export interface Page<T> {
  data: T[];
  has_more: boolean;
  next_cursor: string | null;
}

/** What is not there, and what is not the caller's, which must not be told from it. */
export const NOT_FOUND: Problem = {
  code: 'not_found',
  detail: 'There is no such thing, or it belongs to someone else.',
};

export function problem(
  code: ErrorCode,
  detail: string,
  more: Omit<Problem, 'code' | 'detail'> = {},
): { ok: false; problem: Problem } {
  return { ok: false, problem: { code, detail, ...more } };
}

/** Thrown where an answer has no room for a refusal: the edge answers with `problem`. */
export class ProblemError extends Error {
  readonly code: Problem['code'];
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.code = problem.code;
    this.problem = problem;
  }
}
