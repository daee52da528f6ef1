import type { ServerFrame, WireEventEnvelope, WireOrder, WireOrderRequest } from '@millrace/contract';
import { MillraceError } from '../error.ts';
import { Connection, type SocketConstructor, type StreamState } from './connection.ts';
import { Following, type Handlers } from './following.ts';
import { PendingOrders } from './pending-orders.ts';

export interface StreamOptions {
  /** Default: the global one. */
  WebSocket?: SocketConstructor | undefined;
  /** Told about each change, for a light in the corner of the page. */
  onState?: (state: StreamState) => void;
  /** The first pause before connecting again, in ms. Default 250; doubles up to 15,000. */
  reconnectDelayMs?: number | undefined;
  /** Silence after which the server is asked whether it is there, in ms. Default 25,000. */
  idleMs?: number | undefined;
  /** Events of one channel that may wait for a slow handler. Default 1,000. */
  queueMax?: number | undefined;
  /** How long an order may wait for its answer, connections included, in ms. Default 60,000. */
  orderTimeoutMs?: number | undefined;
}

export interface Subscription {
  readonly channel: string;
  /** Of the last event that was handled: `after` for a later subscription. */
  readonly cursor: string | undefined;
  close(): void;
}

/** A live connection that renews itself. Channels go on where they were; orders are answered once. */
export interface Stream {
  readonly state: StreamState;
  /** `me`, `loans`, `loan:<id>` or `operators`. `after`: the cursor of the last event that was handled. */
  subscribe(channel: string, handlers: Handlers, options?: { after?: string | undefined }): Subscription;
  /** As `orders.submit`, with less on the way. */
  order(order: WireOrderRequest): Promise<WireOrder & { replayed: boolean }>;
  /** Ends everything: no handler is called any more, and orders without an answer fail. */
  close(): void;
  /** Resolves when the stream has ended for good: why, or undefined where it was closed. */
  readonly ended: Promise<MillraceError | undefined>;
}

/** What one socket may follow. */
const CHANNELS_MAX = 100;

export interface StreamTransport {
  /** `http://…` */
  url: string;
  ticket: (signal: AbortSignal) => Promise<string>;
}

export function openStream({ url, ticket }: StreamTransport, options: StreamOptions = {}): Stream {
  const following = new Map<string, Following>();
  const orders = new PendingOrders(options.orderTimeoutMs);
  let state: StreamState = 'connecting';
  let send: ((frame: object) => void) | undefined;
  let refs = 0;
  let end: (error: MillraceError | undefined) => void;
  const ended = new Promise<MillraceError | undefined>((resolve) => {
    end = resolve;
  });

  const connection = new Connection({
    url: `${url.replace(/^http/, 'ws')}/v1/stream`,
    WebSocket: options.WebSocket ?? (globalThis.WebSocket as unknown as SocketConstructor),
    ticket,
    delayMs: options.reconnectDelayMs,
    idleMs: options.idleMs,
    opened(sendFrame) {
      send = sendFrame;
      for (const one of following.values()) one.attach(sendFrame);
      orders.attach(sendFrame);
    },
    lost() {
      send = undefined;
      for (const one of following.values()) one.detach();
      orders.detach();
    },
    frame: (frame) => dispatch(frame as unknown as ServerFrame, following, orders),
    ended(error) {
      orders.end(error ?? new MillraceError({ code: 'closed', detail: 'the stream was closed' }));
      end(error);
    },
    state(next) {
      state = next;
      options.onState?.(next);
    },
  });
  void connection.run();

  return {
    get state() {
      return state;
    },
    subscribe(name, handlers, { after } = {}) {
      // Ids are told apart without regard to case, and the server answers in lower case.
      const channel = name.toLowerCase();
      if (following.has(channel)) throw new MillraceError({ code: 'closed', detail: `${channel} is followed already` });
      if (following.size >= CHANNELS_MAX)
        throw new MillraceError({ code: 'queue_full', detail: `a stream follows ${CHANNELS_MAX} channels at most` });
      refs += 1;
      const one = new Following(channel, `s${refs}`, {
        after,
        handlers,
        onEnd: () => {
          if (following.get(channel) === one) following.delete(channel);
        },
        ...(options.queueMax === undefined ? {} : { queueMax: options.queueMax }),
      });
      following.set(channel, one);
      if (send) one.attach(send);
      return {
        channel,
        get cursor() {
          return one.cursor;
        },
        close() {
          one.close();
          if (following.get(channel) === one) following.delete(channel);
        },
      };
    },
    order(order) {
      if (state === 'closed')
        return Promise.reject(new MillraceError({ code: 'closed', detail: 'the stream was closed' }));
      return orders.place(order);
    },
    close() {
      connection.close();
      for (const one of following.values()) one.close();
    },
    ended,
  };
}

function dispatch(frame: ServerFrame, following: Map<string, Following>, orders: PendingOrders): void {
  switch (frame.op) {
    case 'subscribed':
      if (frame.ref !== undefined)
        [...following.values()].find((one) => one.isAskedBy(frame.ref as string))?.subscribed(frame.cursor);
      return;
    case 'event':
      return following
        .get(frame.channel)
        ?.take({ type: 'event', cursor: frame.cursor, event: frame.event as WireEventEnvelope });
    case 'reload':
      return following.get(frame.channel)?.take({ type: 'reload', cursor: frame.cursor, reason: frame.reason });
    case 'cursor':
      return following.get(frame.channel)?.take({ type: 'cursor', cursor: frame.cursor });
    case 'ended':
      return following.get(frame.channel)?.take({ type: 'ended', cursor: frame.cursor });
    case 'result':
      return orders.answered(frame.ref, frame.order, frame.replayed ?? false);
    case 'error':
      return refuse(frame, following, orders);
    default:
      // `pong` and `unsubscribed` only tell that the server is there; a later server may know more.
      return;
  }
}

function refuse(
  { ref, problem }: Extract<ServerFrame, { op: 'error' }>,
  following: Map<string, Following>,
  orders: PendingOrders,
): void {
  if (ref === undefined) return;
  const { code, detail, status, request_id: requestId, errors } = problem;
  const error = new MillraceError({ code, detail, status, requestId, ...(errors ? { errors } : {}) });
  if (orders.refused(ref, error)) return;
  const one = [...following.values()].find((candidate) => candidate.isAskedBy(ref));
  if (!one) return;
  following.delete(one.channel);
  one.refused(error);
}
