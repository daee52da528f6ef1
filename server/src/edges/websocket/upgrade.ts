import { ERRORS } from '@millrace/contract';
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from '../../core/result.ts';
import { problemBody } from '../rest/problems.ts';
import { requestIdOf } from '../rest/request-id.ts';

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Answers an upgrade that is refused as HTTP, on the bare socket, and ends the connection. */
export function refuseUpgrade(request: IncomingMessage, socket: Duplex, problem: Problem): void {
  const { http } = ERRORS[problem.code];
  const requestId = requestIdOf(request);
  const body = JSON.stringify(problemBody(problem, requestId));
  const more = [
    ...(http === 401 ? ['WWW-Authenticate: Bearer'] : []),
    ...(problem.retryAfterSeconds === undefined ? [] : [`Retry-After: ${problem.retryAfterSeconds}`]),
  ];
  const head = [
    `HTTP/1.1 ${http} ${STATUS_CODES[http]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    ...more,
    'Connection: close',
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/**
 * Gives WebSocket upgrades to the handler of their path; another path is a 404. A request to upgrade to anything else
 * (HTTP/2) is answered as if it had not asked.
 */
export function routeUpgrades(server: Server, handlers: ReadonlyMap<string, UpgradeHandler>): void {
  const listener: UpgradeHandler = (request, socket, head) => {
    // Until a handler has taken the socket, a client that resets the connection must not end the process.
    socket.on('error', () => socket.destroy());
    const handler = handlers.get(request.url?.split('?', 1)[0] ?? '');
    if (handler) handler(request, socket, head);
    else refuseUpgrade(request, socket, { code: 'not_found', detail: 'There is no WebSocket at this path.' });
  };
  const asked = server as Server & { shouldUpgradeCallback: (request: IncomingMessage) => boolean };
  asked.shouldUpgradeCallback = ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket';
  server.on('upgrade', listener);
}
