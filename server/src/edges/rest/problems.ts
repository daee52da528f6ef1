import { type ErrorCode, ERRORS, type ProblemBody } from '@millrace/contract';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { type Problem, ProblemError } from '../../core/result.ts';
import { RETRY_AFTER_SECONDS } from './limits.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** For hooks and validators, whose only way to refuse is an error: the error handler answers with its problem. */
export function requestError(
  code: ErrorCode,
  detail: string,
  more: Omit<Problem, 'code' | 'detail'> = {},
): ProblemError {
  return new ProblemError({ code, detail, ...more });
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

/** Errors of the HTTP framework, by its codes. */
const FRAMEWORK_CODES: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload_too_large', 'The body exceeds the limit of this operation.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'The body must be sent as application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid_request', 'Content-Length is not the length of the body.'],
  FST_ERR_BAD_URL: ['invalid_request', 'The path is not a valid URL.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not_found', 'There is no such thing.'],
};

/** What plugins refuse with a status only. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  // The file server's word for paths that lead out of its folder.
  403: 'not_found',
  404: 'not_found',
  408: 'request_timeout',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  431: 'headers_too_large',
};

export interface ErrorHandlerOptions {
  log: Logger;
  /** Whether an error says that the database cannot be reached: 503 instead of 500. Default: never. */
  isUnavailable?: ((error: unknown) => boolean) | undefined;
}

function problemOf(error: unknown, isUnavailable: (error: unknown) => boolean): Problem {
  if (error instanceof ProblemError) return error.problem;
  const { code, statusCode } = error as Partial<FastifyError>;
  const framework = code === undefined ? undefined : FRAMEWORK_CODES[code];
  if (framework) return { code: framework[0], detail: framework[1] };
  if (isUnavailable(error)) return { code: 'not_ready', detail: 'The database cannot be reached.' };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return { code: CODE_OF_STATUS[statusCode] ?? 'invalid_request', detail: 'The request cannot be served.' };
  }
  return { code: 'internal_error', detail: 'Something broke. It was logged under the request’s id.' };
}

/** Answers every error with a problem. Only what is ours to mend is logged, and its text never leaves the server. */
export function createErrorHandler({ log, isUnavailable = () => false }: ErrorHandlerOptions) {
  return function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    // A client that went away: its ECONNRESET looks like the database's, and nobody reads the answer.
    const isGone = request.raw.destroyed && !request.raw.complete;
    const problem = problemOf(error, isUnavailable);
    if (isGone) log.debug({ err: error, request_id: request.id }, 'a client went away');
    else if (problem.code === 'internal_error' || problem.code === 'not_ready') {
      log.error(
        { err: error, request_id: request.id, method: request.method, route: request.routeOptions.url },
        'a request failed',
      );
    }
    // Where the path cannot be read, no hook has run that would have set it.
    reply.header('x-request-id', request.id);
    sendProblem(reply, problem);
  };
}
