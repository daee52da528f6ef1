import type { ErrorCode } from '@millrace/contract';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { newRequestId } from './request-id.ts';
import { PROBLEM_TYPE, problemBody, rawProblem } from './problems.ts';

const CODES: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'The request was not complete within the time limit.'],
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'The request line and headers exceed what the server reads.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['payload_too_large', 'The extensions of a chunk exceed what the server reads.'],
};

/** What Node's parser could not read as HTTP gets its answer here, on the bare socket, and the connection ends. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  // Node's own example: after a reset, or once an answer has begun, there is nobody to write to.
  if (error.code === 'ECONNRESET' || !socket.writable || hasBegunAnswer(socket)) {
    socket.destroy();
    return;
  }
  const [code, detail] =
    CODES[error.code ?? ''] ?? (['invalid_request', 'This is not HTTP/1.1 as the server can read it.'] as const);
  socket.end(rawProblem({ code, detail }, newRequestId()));
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
