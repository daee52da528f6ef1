import { type ErrorCode, ERRORS, type ProblemBody } from '@millrace/contract';
import type { FastifyReply } from 'fastify';
import type { Problem } from '../../core/result.ts';
import { RETRY_AFTER_SECONDS } from './limits.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Thrown by hooks and validators, whose only way to refuse is an error. The error handler answers with `problem`. */
export class RequestError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'RequestError';
    this.problem = problem;
  }
}

export function requestError(
  code: ErrorCode,
  detail: string,
  more: Omit<Problem, 'code' | 'detail'> = {},
): RequestError {
  return new RequestError({ code, detail, ...more });
}

/** The body of RFC 9457 for a problem: this edge's one mapper from the error registry. */
export function problemBody(problem: Problem, requestId: string): ProblemBody {
  const { http, title } = ERRORS[problem.code];
  return {
    type: `/docs/errors/${problem.code}`,
    title,
    status: http,
    detail: problem.detail,
    code: problem.code,
    request_id: requestId,
    ...(problem.errors && { errors: problem.errors }),
  };
}

/** The whole answer as HTTP/1.1, for a bare socket that ends with it. `allow`: the methods of the path. */
export function rawProblem(problem: Problem, requestId: string, { allow }: { allow?: string } = {}): string {
  const { http, title } = ERRORS[problem.code];
  const body = JSON.stringify(problemBody(problem, requestId));
  const head = [
    `HTTP/1.1 ${http} ${title}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    ...(http === 401 ? ['WWW-Authenticate: Bearer'] : []),
    ...(allow === undefined ? [] : [`Allow: ${allow}`]),
    ...(problem.retryAfterSeconds === undefined ? [] : [`Retry-After: ${problem.retryAfterSeconds}`]),
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { http } = ERRORS[problem.code];
  if (http === 401) reply.header('www-authenticate', 'Bearer');
  const { retryAfterSeconds = http === 429 || http === 503 ? RETRY_AFTER_SECONDS : undefined } = problem;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  return reply
    .code(http)
    .header('content-type', PROBLEM_TYPE)
    .send(JSON.stringify(problemBody(problem, reply.request.id)));
}
