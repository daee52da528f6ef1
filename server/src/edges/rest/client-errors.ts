import type { ErrorCode } from '@millrace/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Problem } from '../../core/result.ts';
import { PROBLEM_TYPE, problemBody, rawProblem, sendProblem } from './problems.ts';
import { newRequestId } from './request-headers.ts';

/** `/v1/orders/:id` → a pattern that matches its paths. */
function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.*' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}

const NOTHING_HERE: Problem = { code: 'not_found', detail: 'There is nothing at this path.' };

function methodProblem(method: string): Problem {
  return { code: 'method_not_allowed', detail: `The path exists, but not with ${method}.` };
}

/** What a page of the web application answers; one that is none, is none with any method. */
const PAGE_METHODS = ['GET', 'HEAD'];

/**
 * Answers 404, or 405 with `Allow` where the path exists with another method. The routes are searched one by one:
 * only requests that go nowhere come here.
 *
 * @returns the methods of a path, sorted; none where it does not exist.
 */
export function answerUnknownRoutes(app: FastifyInstance): (path: string) => string[] {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    // What answers every path says nothing about any.
    if (url === '*' || url === '/*') return;
    const route = routes.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    for (const name of [method].flat()) route.methods.add(name);
    // A route that answers HEAD answers it as a GET without a body.
    if (route.methods.has('HEAD')) route.methods.add('GET');
    routes.set(url, route);
  });

  function allowedMethods(path: string): string[] {
    const methods = [...routes.values()]
      .filter(({ pattern }) => pattern.test(path))
      .flatMap((route) => [...route.methods]);
    if (methods.length === 0 && path === '/') return PAGE_METHODS;
    return [...new Set(methods)].sort();
  }

  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    const methods = allowedMethods(request.url.split('?', 1)[0] as string);
    if (methods.length === 0 || methods.includes(request.method)) {
      return sendProblem(reply, NOTHING_HERE);
    }
    reply.header('allow', methods.join(', '));
    return sendProblem(reply, methodProblem(request.method));
  });
  return allowedMethods;
}

const CODES: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'The request was not complete within the time limit.'],
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'The request line and headers exceed what the server reads.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['payload_too_large', 'The extensions of a chunk exceed what the server reads.'],
};

/** The head of a request whose method Node does not know, so that it never becomes one. */
const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32}) (\/[^\s?]*)\S* HTTP\/1\.[01]\r?$/;

/**
 * What Node's parser could not read as HTTP gets its answer here, on the bare socket, and the connection ends.
 *
 * @param allowedMethods the methods of a path; none where it does not exist.
 */
export function clientErrorHandler(allowedMethods: (path: string) => string[]) {
  return function answerClientError(error: ParserError, socket: Socket): void {
    // Node's own example: after a reset, or once an answer has begun, there is nobody to write to.
    if (error.code === 'ECONNRESET' || !socket.writable || hasBegunAnswer(socket)) {
      socket.destroy();
      return;
    }
    const unknown = unknownMethod(error);
    if (unknown) {
      const methods = allowedMethods(unknown.path);
      if (methods.length > 0) return void socket.end(methodRefused(unknown.method, methods));
      return void socket.end(rawProblem(NOTHING_HERE, newRequestId()));
    }
    const [code, detail] =
      CODES[error.code ?? ''] ?? (['invalid_request', 'This is not HTTP/1.1 as the server can read it.'] as const);
    socket.end(rawProblem({ code, detail }, newRequestId()));
  };
}

interface ParserError extends NodeJS.ErrnoException {
  /** What came in one piece, with the byte that could not be read at `bytesParsed`. */
  rawPacket?: unknown;
  bytesParsed?: number;
}

function unknownMethod({
  code,
  rawPacket,
  bytesParsed = 0,
}: ParserError): { method: string; path: string } | undefined {
  if (code !== 'HPE_INVALID_METHOD' || !Buffer.isBuffer(rawPacket)) return undefined;
  const start = rawPacket.lastIndexOf('\n', Math.max(0, bytesParsed - 1)) + 1;
  const end = rawPacket.indexOf('\n', start);
  const line = REQUEST_LINE.exec(rawPacket.toString('latin1', start, end === -1 ? undefined : end));
  return line ? { method: line[1] as string, path: line[2] as string } : undefined;
}

function methodRefused(method: string, methods: readonly string[]): string {
  return rawProblem(methodProblem(method), newRequestId(), { allow: methods.join(', ') });
}

/** `CONNECT`: this is no proxy, and Node would end the connection without a word. */
export function answerConnect(_request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  socket.end(methodRefused('CONNECT', ['GET', 'HEAD']));
}

/** `Expect` with anything but `100-continue`, which Node answers itself. */
export function answerExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const requestId = newRequestId();
  const problem = problemBody({ code: 'invalid_request', detail: 'Expect knows 100-continue only.' }, requestId);
  const headers = { 'content-type': PROBLEM_TYPE, 'x-request-id': requestId, connection: 'close' };
  response.writeHead(problem.status, headers).end(JSON.stringify(problem));
}

function hasBegunAnswer(socket: Socket): boolean {
  const { _httpMessage: message } = socket as { _httpMessage?: { headersSent: boolean } };
  return message?.headersSent === true;
}
