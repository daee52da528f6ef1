import type { Problem } from '../../core/result.ts';

/** Thrown where a port's answer has no room for a refusal: the edge answers with `problem`. */
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
