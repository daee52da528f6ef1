import type { ReloadReason, ServerFrame, STREAM_CLOSE_CODES } from '@millrace/contract';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Delivery, Sink } from '../../push/index.ts';
import { encodeEventFrame, writeFrame } from './frames.ts';
import type { SocketLimits } from './limits.ts';

/** What this edge closes with; the others come from the protocol's implementation. */
export type CloseCode = Exclude<keyof typeof STREAM_CLOSE_CODES, 1002 | 1007 | 1009>;

/** A close frame has room for 123 bytes: the long texts are for the documentation. */
const CLOSE_REASONS: Record<CloseCode, string> = {
  1001: 'shutting down',
  1008: 'too many malformed frames',
  1013: 'try again later',
  4008: 'slow consumer',
  4401: 'session ended',
};

/** Answers may go beyond a full buffer, by its size again: what a client asked for should not cost it the socket. */
const ANSWERS_FACTOR = 2;

/** The writing side of a WebSocket: keeps what is buffered bounded, and sends what belongs together in one go. */
export class StreamSocket implements Sink {
  private readonly ws: WebSocket;
  private readonly raw: Duplex;
  private readonly limits: SocketLimits;
  private readonly onEnding: () => void;
  private ending = false;
  private corked = false;

  /** `raw`: the connection beneath `ws`. `onEnding`: called once, when nothing more will be sent. */
  constructor(options: { ws: WebSocket; raw: Duplex; limits: SocketLimits; onEnding: () => void }) {
    this.ws = options.ws;
    this.raw = options.raw;
    this.limits = options.limits;
    this.onEnding = options.onEnding;
    this.ws.once('close', () => this.stop());
  }

  get ended(): boolean {
    return this.ending;
  }

  /** An answer. A client that asks and does not read is closed. */
  send(frame: ServerFrame): void {
    if (this.ws.bufferedAmount < ANSWERS_FACTOR * this.limits.bufferBytesMax) this.write(writeFrame(frame));
    else this.end(4008);
  }

  deliver(delivery: Delivery): void {
    this.write(delivery.as(encodeEventFrame));
  }

  reload(channel: string, cursor: string, reason: ReloadReason): void {
    this.send({ op: 'reload', channel, cursor, reason });
  }

  congested(): boolean {
    return this.ws.bufferedAmount >= this.limits.bufferBytesMax;
  }

  async drained(): Promise<boolean> {
    if (this.ending) return false;
    if (!this.congested()) return true;
    await this.emptied();
    if (this.congested()) this.end(4008);
    return !this.ending;
  }

  unavailable(): void {
    this.end(1013);
  }

  end(code: CloseCode): void {
    if (this.ending) return;
    this.stop();
    this.ws.close(code, CLOSE_REASONS[code]);
  }

  /**
   * Nothing more is sent, and only what was on its way is still read. A client that goes on fills its own buffers, and is cut
   * after `cutMs`; one that is silent, after `closeTimeoutMs`.
   */
  stop(): void {
    if (this.ending) return;
    this.ending = true;
    let left = this.limits.afterEndBytesMax;
    let cut: NodeJS.Timeout | undefined;
    this.raw.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left >= 0) return;
      this.ws.pause();
      this.raw.pause();
      cut ??= setTimeout(() => this.ws.terminate(), this.limits.cutMs).unref();
    });
    this.onEnding();
  }

  /** Resolves when the buffer has emptied, when the connection is gone, or when it has taken too long. */
  private emptied(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.raw.off('drain', done);
        this.raw.off('close', done);
        resolve();
      };
      const timer = setTimeout(done, this.limits.drainMs);
      this.raw.once('drain', done);
      this.raw.once('close', done);
    });
  }

  private write(data: string | Buffer): void {
    if (this.ending) return;
    if (!this.corked) {
      // Frames of one turn leave in one system call.
      this.corked = true;
      this.raw.cork();
      process.nextTick(() => {
        this.corked = false;
        this.raw.uncork();
      });
    }
    this.ws.send(data, { binary: false });
  }
}
