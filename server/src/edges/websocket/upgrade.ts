import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Caller } from '../../core/caller.ts';
import { parseId } from '../../core/ids.ts';
import { type Problem, problem, type Result } from '../../core/result.ts';
import { tokenKind } from '../../intake/identity/index.ts';
import { hostOf, type ProxyTrust } from '../proxies.ts';
import { isAllowedOrigin, sessionCookieOf } from '../rest/index.ts';
import { rawProblem } from '../rest/problems.ts';
import { requestIdOf } from '../rest/request-headers.ts';

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

/** What this edge asks of identity. */
export interface StreamIdentity {
  authenticate(token: string): Promise<Caller | undefined>;
  actAs(caller: Caller, userId: string): Promise<Caller | undefined>;
  /** Uses the ticket up. */
  redeemTicket(ticket: string): Promise<Opener | undefined>;
}

/** Who opened a socket. */
export interface Opener {
  caller: Caller;
  /** Who it is now: undefined where session or key have ended. */
  again(): Promise<Caller | undefined>;
}

/** On whose pages the session's cookie opens a socket. */
export interface OpenerRules {
  allowedOrigins: ReadonlySet<string>;
  /** Which proxies may say what host the client asked for. */
  trustProxy: ProxyTrust | undefined;
}

/** The subprotocol that this edge speaks; a client names it beside its token, and gets it back. */
export const SUBPROTOCOL = 'millrace.v1';

const BEARER_HEADER = /^bearer +([^ ]+) *$/i;
const BEARER_PROTOCOL = /(?:^|,)[ \t]*bearer\.([^, \t]+)/;
const PARAMETERS = new Set(['ticket', 'token']);

/**
 * The token or ticket that an upgrade carries, first come first: `Authorization`, `?ticket=`, the subprotocol
 * `bearer.<token>`, `?token=`, and the session's cookie, which is good only on a page of an allowed origin.
 */
function tokenOf(request: IncomingMessage, { allowedOrigins, trustProxy }: OpenerRules): Result<string> {
  const { authorization, 'sec-websocket-protocol': protocols } = request.headers;
  const query = new URLSearchParams(request.url?.split('?', 2)[1] ?? '');
  const unknown = [...query.keys()].find((name) => !PARAMETERS.has(name) || query.getAll(name).length > 1);
  if (unknown !== undefined) return problem('invalid_request', 'Only `ticket` or `token` can be given, once.');
  const given =
    authorization === undefined
      ? (query.get('ticket') ?? BEARER_PROTOCOL.exec(protocols ?? '')?.[1] ?? query.get('token'))
      : (BEARER_HEADER.exec(authorization)?.[1] ?? '');
  if (given !== null) return { ok: true, value: given };
  const cookie = sessionCookieOf(request);
  if (cookie === undefined) return problem('unauthenticated', 'The request carries neither ticket nor token.');
  if (isAllowedOrigin({ headers: request.headers, host: hostOf(request, trustProxy) }, allowedOrigins)) {
    return { ok: true, value: cookie };
  }
  return problem('origin_refused', 'A socket with the session’s cookie must be opened by a page of an allowed origin.');
}

/**
 * Who opens the socket. A service may name the user that it acts for in `Millrace-Act-As`, not with a ticket for another.
 *
 * Errors, first come first: `invalid_request`, `unauthenticated`, `origin_refused`, `forbidden` (acting for a user).
 *
 * @throws whatever identity throws.
 */
export async function identifyOpener(
  request: IncomingMessage,
  identity: StreamIdentity,
  rules: OpenerRules,
): Promise<Result<Opener>> {
  const token = tokenOf(request, rules);
  if (!token.ok) return token;
  const opener = await openerOf(token.value, identity);
  if (!opener) return problem('unauthenticated', 'The ticket or token is not valid, or has expired.');
  const header = request.headers['millrace-act-as'];
  if (header === undefined) return { ok: true, value: opener };
  const userId = parseId('user', String(header));
  const refused = problem('forbidden', 'The caller cannot act for this user.');
  if (userId === undefined) return refused;
  // A ticket was issued for one user and is passed on to where no key belongs: it opens that user's socket only.
  if (tokenKind(token.value) === 'ticket')
    return userId === opener.caller.actingFor ? { ok: true, value: opener } : refused;
  const acting = async (caller: Caller | undefined): Promise<Caller | undefined> =>
    caller && identity.actAs(caller, userId);
  const caller = await acting(opener.caller);
  if (!caller) return refused;
  return { ok: true, value: { caller, again: async () => acting(await opener.again()) } };
}

async function openerOf(token: string, identity: StreamIdentity): Promise<Opener | undefined> {
  if (tokenKind(token) === 'ticket') return identity.redeemTicket(token);
  const caller = await identity.authenticate(token);
  return caller && { caller, again: () => identity.authenticate(token) };
}
