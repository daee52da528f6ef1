import { type Role, type Scope, SERVER_FRAMES } from '@millrace/contract';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { type Logger, pino } from 'pino';
import { Compile } from 'typebox/compile';
import { type ClientOptions, WebSocket } from 'ws';
import type { Caller } from '../../src/core/caller.ts';
import { createWebSocketEdge, type WebSocketEdgeOptions } from '../../src/edges/websocket/edge.ts';
import type { StreamIdentity } from '../../src/edges/websocket/upgrade.ts';
import { createRelay, type Relay } from '../../src/events/relay.ts';
import type { Answer, Intake, Submission } from '../../src/intake/intake.ts';
import {
  createPush,
  createStreamLimits,
  type Push,
  type PushOptions,
  type StreamLimits,
} from '../../src/push/index.ts';

export const log: Logger = pino({ level: 'silent' });

const SCOPES: readonly Scope[] = ['orders:read', 'orders:write', 'loans:write', 'users:write', 'operate'];

export function caller(userId: string, role: Role = 'investor', scopes: readonly Scope[] = SCOPES): Caller {
  return { userId, role, scopes: new Set(scopes), actingFor: userId };
}

/** A token as long as a real one: 47 characters. */
export function token(kind: 'mrs' | 'mrk' | 'mrt', name: string): string {
  return `${kind}_${name.padEnd(43, 'x')}`;
}

/** Knows the tokens that the test puts into it. */
export function fakeIdentity() {
  const sessions = new Map<string, Caller>();
  /** Ticket → the session that it was issued for. */
  const tickets = new Map<string, string>();
  const identity: StreamIdentity = {
    async authenticate(text) {
      return sessions.get(text);
    },
    async actAs(service, userId) {
      if (userId === service.actingFor) return service;
      return service.role === 'service' ? { ...service, actingFor: userId } : undefined;
    },
    async redeemTicket(text) {
      const session = tickets.get(text);
      const found = session === undefined ? undefined : sessions.get(session);
      tickets.delete(text);
      return found && { caller: found, again: async () => sessions.get(session as string) };
    },
  };
  return { identity, sessions, tickets };
}

/** Answers when the test says so, or at once. */
export function fakeIntake() {
  const submissions: { caller: Caller; submission: Submission }[] = [];
  const waiting: ((answer?: Partial<Answer>) => void)[] = [];
  const intake: Pick<Intake, 'submit'> & { hold: boolean } = {
    hold: false,
    async submit(who, submission) {
      submissions.push({ caller: who, submission });
      if (intake.hold) await new Promise<void>((resolve) => waiting.push(() => resolve()));
      const at = new Date(0).toISOString();
      const { kind, params } = submission;
      const id = submission.id ?? 'ord_00000000-0000-7000-8000-000000000000';
      const order = { id, kind, status: 'completed', reason: null, user_id: `usr_${who.actingFor}` } as const;
      return {
        ok: true,
        order: { ...order, params: params as never, result: {}, created_at: at, updated_at: at },
        replayed: false,
      };
    },
  };
  return { intake, submissions, release: () => waiting.splice(0).forEach((go) => go()) };
}

export interface StreamServer {
  server: Server;
  port: number;
  relay: Relay;
  push: Push;
  streams: StreamLimits;
  stop(): Promise<void>;
  edge: ReturnType<typeof createWebSocketEdge>;
}

export interface StreamServerOptions extends Partial<Omit<WebSocketEdgeOptions, 'push'>> {
  pool: pg.Pool;
  shards: readonly number[];
  push?: Partial<PushOptions>;
  /** Called when the edge ends a subscription. */
  onUnsubscribed?: () => void;
}

/** Relay, push and the WebSocket edge on an HTTP server of their own. */
export async function startStreamServer(options: StreamServerOptions): Promise<StreamServer> {
  const { pool, shards, push: pushOptions, onUnsubscribed, ...rest } = options;
  const relay = createRelay({ pool, shards, log, pollMs: 5 });
  await relay.start();
  const push = createPush({ relay, pool, log, ...pushOptions });
  const streams = createStreamLimits();
  const edge = createWebSocketEdge({
    push: { ...push, subscribe: (request) => watched(push.subscribe(request), onUnsubscribed) },
    streams,
    log,
    intake: fakeIntake().intake,
    identity: fakeIdentity().identity,
    ...rest,
  });
  const server = createServer((request, response) => {
    void text(request).then((body) => response.end(`plain ${request.method} ${request.url} ${JSON.stringify(body)}`));
  });
  edge.attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    server,
    port: (server.address() as AddressInfo).port,
    relay,
    push,
    streams,
    edge,
    async stop() {
      push.stop();
      await edge.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await relay.stop();
    },
  };
}

function watched(
  subscribed: ReturnType<Push['subscribe']>,
  onClosed: (() => void) | undefined,
): ReturnType<Push['subscribe']> {
  if (!subscribed.ok || !onClosed) return subscribed;
  const { value } = subscribed;
  const close = (): void => {
    value.close();
    onClosed();
  };
  return { ok: true, value: { ...value, close } };
}

// oxlint-disable-next-line typescript/no-explicit-any -- frames are read as the tests expect them
export type Frame = any;

const CHECKS = new Map(Object.entries(SERVER_FRAMES).map(([op, schema]) => [op, Compile(schema)]));

/** The frame, where it is as the contract says. */
function checked(text: string): Frame {
  const frame: Frame = JSON.parse(text);
  const check = CHECKS.get(frame.op);
  return check?.Check(frame) ? frame : { op: 'not in the contract', frame, errors: check?.Errors(frame) };
}

/** A client that keeps what it gets. */
export class StreamClient {
  readonly ws: WebSocket;
  readonly frames: Frame[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;

  private constructor(ws: WebSocket) {
    this.ws = ws;
    ws.on('message', (data: Buffer) => this.frames.push(checked(data.toString())));
    ws.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  static async connect(
    port: number,
    query = '',
    options: ClientOptions & { protocols?: string[] } = {},
  ): Promise<StreamClient> {
    const { protocols = [], ...rest } = options;
    const ws = new WebSocket(`ws://127.0.0.1:${port}/v1/stream${query}`, protocols, rest);
    const client = new StreamClient(ws);
    await once(ws, 'open');
    return client;
  }

  send(frame: unknown): void {
    this.ws.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** The first frame that fits, also one that came before; each frame is given once. */
  async next(fits: (frame: Frame) => boolean = () => true): Promise<Frame> {
    for (;;) {
      const index = this.frames.findIndex(fits);
      if (index >= 0) return this.frames.splice(index, 1)[0];
      if (this.ws.readyState === WebSocket.CLOSED) throw new Error('closed before the frame came');
      await pause(2);
    }
  }

  async ask(frame: object): Promise<Frame> {
    const ref = `r${Math.random()}`;
    this.send({ ...frame, ref });
    return this.next((answer) => answer.ref === ref);
  }

  /** Everything that the server has sent until now has arrived when this resolves. */
  async settle(): Promise<void> {
    await this.ask({ op: 'ping' });
  }

  async close(): Promise<void> {
    this.ws.close();
    await this.closed;
  }
}

/** What an upgrade that is refused is answered with. */
export async function refusedUpgrade(
  port: number,
  path: string,
  options: ClientOptions & { protocols?: string[] } = {},
) {
  const { protocols = [], ...rest } = options;
  const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, rest);
  ws.on('error', () => undefined);
  const [, response] = (await once(ws, 'unexpected-response')) as [unknown, IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode,
    type: response.headers['content-type'],
    headers: response.headers,
    problem: JSON.parse(Buffer.concat(chunks).toString()) as { code: string; status: number; request_id: string },
  };
}
