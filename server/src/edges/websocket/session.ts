import type { OrderFrameShape, SubscribeFrame, UnsubscribeFrame } from '@millrace/contract';
import { hash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Caller } from '../../core/caller.ts';
import { uuidv7 } from '../../core/ids.ts';
import type { Problem } from '../../core/result.ts';
import type { Answer, Intake } from '../../intake/intake.ts';
import type { Push, Subscription } from '../../push/index.ts';
import { type FlatOrder, submissionOf } from '../rest/handlers/order-placing.ts';
import { problemBody } from '../rest/problems.ts';
import { type ClientFrame, readFrame } from './frames.ts';
import type { SocketLimits } from './limits.ts';
import type { StreamSocket } from './stream-socket.ts';

const RETRY_AFTER_SECONDS = 1;

export interface SessionOptions {
  caller: Caller;
  socket: StreamSocket;
  push: Push;
  intake: Pick<Intake, 'submit'>;
  log: Logger;
  limits: SocketLimits;
}

/** What one client does over its socket: follows channels and places orders. */
export class Session {
  private readonly options: SessionOptions;
  private readonly subscriptions = new Map<string, { subscription: Subscription; told: string }>();
  private ordersUnderWay = 0;
  private malformed = 0;
  private closing = false;

  constructor(options: SessionOptions) {
    this.options = options;
  }

  /** Whether every order has been answered. */
  get idle(): boolean {
    return this.ordersUnderWay === 0;
  }

  receive(data: Buffer, isBinary: boolean): void {
    if (this.options.socket.ended) return;
    if (isBinary) return this.countMalformed({ code: 'invalid_request', detail: 'Frames are text.' });
    const read = readFrame(data.toString());
    if (read.ok) this.handle(read.frame);
    else this.countMalformed(read.problem, read.ref);
  }

  /** Tells how far the log has come where nothing was sent for a while, so that a later resume is short. */
  sendCursors(): void {
    for (const [channel, followed] of this.subscriptions) {
      const cursor = followed.subscription.progress();
      if (cursor === undefined || cursor === followed.told) continue;
      followed.told = cursor;
      this.options.socket.send({ op: 'cursor', channel, cursor });
    }
  }

  /** Takes no more orders; those under way are answered. */
  close(): void {
    this.closing = true;
  }

  /** Follows nothing any more. */
  end(): void {
    for (const { subscription } of this.subscriptions.values()) subscription.close();
    this.subscriptions.clear();
  }

  private handle(frame: ClientFrame): void {
    switch (frame.op) {
      case 'subscribe':
        return this.subscribe(frame);
      case 'unsubscribe':
        return this.unsubscribe(frame);
      case 'order':
        return void this.order(frame);
      case 'ping':
        return this.options.socket.send({ op: 'pong', ...refOf(frame), time: new Date().toISOString() });
    }
  }

  private subscribe({ channel: name, after, ...frame }: SubscribeFrame): void {
    const { push, caller, socket, limits } = this.options;
    if (this.subscriptions.size >= limits.channelsMax && !this.subscriptions.has(name)) {
      return this.refuse(
        { code: 'rate_limited', detail: `A socket follows ${limits.channelsMax} channels at most.` },
        frame.ref,
      );
    }
    const ended = (at: string): void => this.ended(at, subscription);
    const subscribed = push.subscribe({ caller, channel: name, after, sink: socket, ended });
    if (!subscribed.ok) return this.refuse(subscribed.problem, frame.ref);
    const subscription = subscribed.value;
    const { channel, cursor } = subscription;
    this.subscriptions.get(channel)?.subscription.close();
    this.subscriptions.set(channel, { subscription, told: cursor });
    socket.send({ op: 'subscribed', channel, cursor, ...refOf(frame) });
  }

  /** Nothing more will come on the channel, so that it takes no place any more. */
  private ended(cursor: string, { channel }: Subscription): void {
    this.subscriptions.delete(channel);
    this.options.socket.send({ op: 'ended', channel, cursor });
  }

  private unsubscribe(frame: UnsubscribeFrame): void {
    const channel = this.subscriptions.has(frame.channel) ? frame.channel : frame.channel.toLowerCase();
    this.subscriptions.get(channel)?.subscription.close();
    this.subscriptions.delete(channel);
    this.options.socket.send({ op: 'unsubscribed', channel: frame.channel, ...refOf(frame) });
  }

  private async order(frame: OrderFrameShape): Promise<void> {
    const { intake, caller, limits, socket } = this.options;
    const { ref } = frame;
    if (this.closing) {
      return this.refuse(
        { code: 'shutting_down', detail: 'This server takes no new work.', retryAfterSeconds: RETRY_AFTER_SECONDS },
        ref,
      );
    }
    if (this.ordersUnderWay >= limits.ordersMax) {
      const detail = `A socket has ${limits.ordersMax} orders under way at most.`;
      return this.refuse({ code: 'overloaded', detail, retryAfterSeconds: RETRY_AFTER_SECONDS }, ref);
    }
    this.ordersUnderWay += 1;
    const answer = await intake
      .submit(caller, submissionOf(frame.order as FlatOrder, idempotencyOf(frame)))
      .catch(this.broken);
    this.ordersUnderWay -= 1;
    if (!answer.ok) return this.refuse(answer.problem, ref);
    const { order, replayed } = answer;
    socket.send({ op: 'result', ref, order, ...(replayed && { replayed }) });
  }

  private readonly broken = (error: unknown): Answer => {
    this.options.log.error({ err: error }, 'an order over a socket failed');
    return {
      ok: false,
      problem: { code: 'internal_error', detail: 'Something broke. The order may have been placed.' },
    };
  };

  private refuse(problem: Problem, ref?: string): void {
    this.options.socket.send({ op: 'error', ...refOf({ ref }), problem: problemBody(problem, `req_${uuidv7()}`) });
  }

  private countMalformed(problem: Problem, ref?: string): void {
    this.refuse(problem, ref);
    this.malformed += 1;
    if (this.malformed >= this.options.limits.malformedMax) this.options.socket.end(1008);
  }
}

function refOf({ ref }: { ref?: string | undefined }): { ref?: string } {
  return ref === undefined ? {} : { ref };
}

/** As `POST /v1/orders` with a body of the same JSON: a key may be tried over the other edge. */
function idempotencyOf({ idempotency_key: key, order }: OrderFrameShape) {
  if (key === undefined) return undefined;
  return {
    operation: 'submitOrder',
    key,
    fingerprint: hash('sha256', `POST /v1/orders\n${JSON.stringify(order)}`, 'hex'),
  };
}
