import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from '../../core/result.ts';
import { rawProblem } from '../rest/problems.ts';
import { requestIdOf } from '../rest/request-id.ts';

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export type RefusalOf = (request: IncomingMessage) => Problem | undefined;

/** Answers an upgrade that is refused as HTTP, on the bare socket, and ends the connection. */
export function refuseUpgrade(request: IncomingMessage, socket: Duplex, problem: Problem): void {
  socket.once('finish', () => socket.destroy());
  socket.end(rawProblem(problem, requestIdOf(request)));
}

/**
 * Gives WebSocket upgrades to the handler of their path; another path is a 404. A request to upgrade to anything else
 * (HTTP/2, which Java's client asks for with its first request) is answered as if it had not asked.
 */
export function routeUpgrades(
  server: Server,
  { handlers, refusalOf }: { handlers: ReadonlyMap<string, UpgradeHandler>; refusalOf?: RefusalOf | undefined },
): void {
  const listener: UpgradeHandler = (request, socket, head) => {
    if (!isWebSocket(request)) return serveAsPlain(server, request, socket, head);
    // Until a handler has taken the socket, a client that resets the connection must not end the process.
    socket.on('error', () => socket.destroy());
    const refusal = refusalOf?.(request);
    if (refusal) return refuseUpgrade(request, socket, refusal);
    const handler = handlers.get(request.url?.split('?', 1)[0] ?? '');
    if (handler) handler(request, socket, head);
    else refuseUpgrade(request, socket, { code: 'not_found', detail: 'There is no WebSocket at this path.' });
  };
  const asked = server as Server & { shouldUpgradeCallback: (request: IncomingMessage) => boolean };
  asked.shouldUpgradeCallback = isWebSocket;
  server.on('upgrade', listener);
}

const isWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket';

const UPGRADE_HEADERS: ReadonlySet<string> = new Set(['upgrade', 'connection', 'http2-settings']);

/**
 * For Node.js before 24.9, which knows no `shouldUpgradeCallback`: puts the request back in front of what the connection
 * still holds, without the wish to upgrade, and lets the server read it again.
 */
function serveAsPlain(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const [name, value] = request.rawHeaders.slice(i, i + 2) as [string, string];
    if (!UPGRADE_HEADERS.has(name.toLowerCase())) lines.push(`${name}: ${value}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
