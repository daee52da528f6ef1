import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Caller, isAbout } from '../../core/caller.ts';
import { type Problem, ProblemError } from '../../core/result.ts';
import { TokenBucket } from '../../core/token-bucket.ts';
import type { Intake } from '../../intake/intake.ts';
import { addressKey } from '../../intake/identity/index.ts';
import { noPlaceProblem, type Push, type StreamLimits } from '../../push/index.ts';
import { addressOf, type ProxyTrust } from '../proxies.ts';
import { beat, watch } from './keep-alive.ts';
import { SOCKET_LIMITS, type SocketLimits, STOP_CLOSE_MS, STOP_DRAIN_MS } from './limits.ts';
import { Session } from './session.ts';
import { StreamSocket } from './stream-socket.ts';
import {
  identifyOpener,
  type Opener,
  type RefusalOf,
  refuseUpgrade,
  routeUpgrades,
  type StreamIdentity,
  SUBPROTOCOL,
  type UpgradeHandler,
} from './upgrade.ts';

const PATH = '/v1/stream';
const RETRY_AFTER_SECONDS = 1;
/** Clients send a frame in one piece. Many tiny fragments would cost far more memory than their bytes. */
const FRAGMENTS_MAX = 64;

/** Frames that came in one piece are read together, and may cost this much time at once. */
const PAUSE_MS_MAX = 5_000;

export interface WebSocketEdgeOptions {
  push: Push;
  intake: Pick<Intake, 'submit'>;
  identity: StreamIdentity;
  /** Shared with the event streams. */
  streams: StreamLimits;
  log: Logger;
  /** Origins of other sites whose pages may open sockets with the session's cookie. Default: none. */
  allowedOrigins?: readonly string[] | undefined;
  /** Which proxies may say what host the client asked for. Default: none. */
  trustProxy?: ProxyTrust | undefined;
  /** Default SOCKET_LIMITS. */
  limits?: Partial<SocketLimits> | undefined;
}

/** `/v1/stream`. */
export interface WebSocketEdge {
  /** Serves upgrades of this HTTP server. `refusalOf`: what no request of that server may be, upgrade or not. */
  attach(server: Server, refusalOf?: RefusalOf): void;
  /** From now on refuses new sockets and orders; answers the orders under way, and closes every socket with 1001. */
  close(): Promise<void>;
  /** Something of this user's has ended (bare UUID): the sockets that were opened by it are closed now, with 4401. */
  recheck(userId: string): void;
}

interface OpenSocket {
  ws: WebSocket;
  socket: StreamSocket;
  session: Session;
  caller: Caller;
  recheck(): void;
}

export function createWebSocketEdge(options: WebSocketEdgeOptions): WebSocketEdge {
  const { identity, streams, log } = options;
  const limits: SocketLimits = { ...SOCKET_LIMITS, ...options.limits };
  const rules = { allowedOrigins: new Set(options.allowedOrigins), trustProxy: options.trustProxy };
  const open = new Set<OpenSocket>();
  let closing = false;
  const server = createServer(limits);

  async function identify(request: IncomingMessage): Promise<{ opener: Opener } | { problem: Problem }> {
    try {
      const opener = await identifyOpener(request, identity, rules);
      return opener.ok ? { opener: opener.value } : opener;
    } catch (error) {
      if (error instanceof ProblemError) return { problem: error.problem };
      log.error({ err: error }, 'a socket could not be opened');
      return {
        problem: {
          code: 'not_ready',
          detail: 'The caller could not be looked up.',
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        },
      };
    }
  }

  async function upgrade(request: IncomingMessage, raw: Duplex, head: Buffer): Promise<void> {
    const identified = closing ? { problem: SHUTTING_DOWN } : await identify(request);
    if ('problem' in identified) return refuseUpgrade(request, raw, identified.problem);
    if (raw.destroyed) return;
    const { opener } = identified;
    // A service has a place for each user that it acts for, as if they had come themselves.
    const { actingFor } = opener.caller;
    const place = { userId: actingFor, address: addressKey(addressOf(request, options.trustProxy)) };
    const full = closing ? undefined : streams.enter(place);
    if (closing) return refuseUpgrade(request, raw, SHUTTING_DOWN);
    if (full !== undefined) return refuseUpgrade(request, raw, noPlaceProblem(full, RETRY_AFTER_SECONDS));
    raw.once('close', () => streams.leave(place));
    server.handleUpgrade(request, raw, head, (ws) => serve(ws, raw, opener));
  }

  function serve(ws: WebSocket, raw: Duplex, opener: Opener): void {
    const socket: StreamSocket = new StreamSocket({ ws, raw, limits, onEnding: () => session.end() });
    const session = new Session({ ...options, caller: opener.caller, socket, limits });
    const { timer, recheck } = watch({ socket, opener, limits, log });
    const entry: OpenSocket = { ws, socket, session, caller: opener.caller, recheck };
    open.add(entry);
    const timers = [beat(entry, limits), timer];
    const pace = new TokenBucket(limits.frames, performance.now());
    ws.on('message', (data: Buffer, isBinary) => {
      session.receive(data, isBinary);
      const waitMs = pace.take(performance.now());
      if (waitMs > 0) pauseReading(ws, waitMs, () => !socket.ended);
    });
    // What breaks the protocol is closed by ws itself, with its code; it only must not go unheard.
    ws.on('error', (error) => {
      log.debug({ err: error }, 'a socket failed');
      socket.stop();
    });
    ws.once('close', () => {
      open.delete(entry);
      for (const timer of timers) clearInterval(timer);
    });
  }

  return {
    attach(httpServer, refusalOf) {
      const handlers = new Map<string, UpgradeHandler>([
        [PATH, (request, raw, head) => void upgrade(request, raw, head)],
      ]);
      routeUpgrades(httpServer, { handlers, refusalOf });
    },
    recheck(userId) {
      for (const { caller, recheck } of open) if (isAbout(caller, userId)) recheck();
    },
    async close() {
      closing = true;
      for (const { session } of open) session.close();
      await until(() => [...open].every(({ session }) => session.idle), STOP_DRAIN_MS);
      for (const { socket } of open) socket.end(1001);
      await until(() => open.size === 0, STOP_CLOSE_MS);
      for (const { ws } of open) ws.terminate();
    },
  };
}

/** The client's frames wait on its side. A pong may wait too, so that it is never for longer than one heartbeat can bear. */
function pauseReading(ws: WebSocket, ms: number, mayResume: () => boolean): void {
  if (ws.isPaused) return;
  ws.pause();
  setTimeout(() => mayResume() && ws.resume(), Math.min(ms, PAUSE_MS_MAX)).unref();
}

function createServer(limits: SocketLimits): WebSocketServer {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // What is sent is short and mostly ids; compressing it would cost memory for each socket and time for each frame.
    perMessageDeflate: false,
    maxPayload: limits.frameBytesMax,
    maxFragments: FRAGMENTS_MAX,
    closeTimeout: limits.closeTimeoutMs,
    handleProtocols: (offered: Set<string>) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  } as ConstructorParameters<typeof WebSocketServer>[0]);
  server.on('wsClientError', (error, socket, request) => {
    const detail = `This is not a WebSocket upgrade: ${error.message}.`;
    refuseUpgrade(request, socket, { code: 'invalid_request', detail });
  });
  return server;
}

const SHUTTING_DOWN: Problem = {
  code: 'shutting_down',
  detail: 'This server takes no new sockets.',
  retryAfterSeconds: RETRY_AFTER_SECONDS,
};

async function until(condition: () => boolean, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition() && performance.now() < deadline) await pause(10);
}
