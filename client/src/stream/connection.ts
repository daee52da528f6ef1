import { MillraceError } from '../error.ts';
import { delayBefore, pause } from '../retry.ts';
import type { Send } from './following.ts';

/** As much of a WebSocket as is used here: the browser's, Node's and the package `ws`'s all have it. */
export interface SocketLike {
  readonly readyState: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'message' | 'close' | 'error', listener: (event: never) => void): void;
}
export type SocketConstructor = new (url: string, protocols?: string[]) => SocketLike;

export type StreamState = 'connecting' | 'open' | 'waiting' | 'closed';

export interface ConnectionOptions {
  /** `ws://…/v1/stream` */
  url: string;
  WebSocket: SocketConstructor;
  ticket: (signal: AbortSignal) => Promise<string>;
  opened: (send: Send) => void;
  lost: () => void;
  frame: (frame: Record<string, unknown>) => void;
  /** The connection ends for good: why, or undefined where it was closed by its owner. */
  ended: (error: MillraceError | undefined) => void;
  state: (state: StreamState) => void;
  delayMs?: number | undefined;
  idleMs?: number | undefined;
}

/** Between attempts: from a quarter of a second up to fifteen, for as long as the stream is wanted. */
const RECONNECT = { attemptsMax: Number.POSITIVE_INFINITY, delayMs: 250, delayMaxMs: 15_000, retryAfterMaxMs: 60_000 };
/** A connection that held this long was a good one: the next loss starts with the short delays again. */
const STABLE_MS = 5_000;
/** Without a frame for so long the server is asked for one; the second silence of this length means that it is gone. */
const IDLE_MS = 25_000;
const PROTOCOL = 'millrace.v1';
const OPEN = 1;
/** The server found our frames wrong, again and again: another connection would end the same way. */
const CLOSED_FOR_GOOD = 1008;

/** Keeps one WebSocket open: a fresh ticket for each, and a new one when it is lost. */
export class Connection {
  private readonly options: ConnectionOptions;
  private readonly stopping = new AbortController();
  private attempts = 0;
  private socket: SocketLike | undefined;

  constructor(options: ConnectionOptions) {
    this.options = options;
  }

  async run(): Promise<void> {
    const { signal } = this.stopping;
    try {
      while (!signal.aborted) {
        this.options.state('connecting');
        const retryAfterMs = await this.once(signal);
        if (signal.aborted) break;
        this.options.state('waiting');
        const delays = { ...RECONNECT, delayMs: this.options.delayMs ?? RECONNECT.delayMs };
        await pause(delayBefore(this.attempts, delays, Math.min(retryAfterMs, RECONNECT.retryAfterMaxMs)), signal);
      }
      this.end(undefined);
    } catch (error) {
      this.end(signal.aborted ? undefined : asMillraceError(error));
    }
  }

  close(): void {
    this.stopping.abort();
    this.socket?.close(1000);
  }

  private end(error: MillraceError | undefined): void {
    this.options.state('closed');
    this.options.ended(error);
  }

  /**
   * One connection from ticket to close. Returns the pause that the server asks for, in ms.
   *
   * @throws MillraceError where another attempt would end the same way.
   */
  private async once(signal: AbortSignal): Promise<number> {
    this.attempts += 1;
    let ticket: string;
    try {
      ticket = await this.options.ticket(signal);
    } catch (error) {
      if (error instanceof MillraceError && error.retryable) return error.retryAfterMs ?? 0;
      throw error;
    }
    const code = await this.hold(`${this.options.url}?ticket=${encodeURIComponent(ticket)}`);
    if (code === CLOSED_FOR_GOOD)
      throw new MillraceError({ code: 'closed', detail: 'the server did not understand this client' });
    return 0;
  }

  /** Resolves with the close code when the connection has ended. */
  private hold(url: string): Promise<number> {
    return new Promise((resolve) => {
      const socket = new this.options.WebSocket(url, [PROTOCOL]);
      this.socket = socket;
      const idleMs = this.options.idleMs ?? IDLE_MS;
      let silent = 0;
      let openedAt: number | undefined;
      const watch = setInterval(() => {
        silent += 1;
        if (silent >= 2) done(0);
        else if (socket.readyState === OPEN) socket.send('{"op":"ping"}');
      }, idleMs);
      const done = (code: number): void => {
        if (this.socket !== socket) return;
        this.socket = undefined;
        clearInterval(watch);
        if (openedAt !== undefined) this.options.lost();
        if (openedAt !== undefined && Date.now() - openedAt > STABLE_MS) this.attempts = 0;
        socket.close();
        resolve(code);
      };
      socket.addEventListener('open', () => {
        silent = 0;
        openedAt = Date.now();
        this.options.state('open');
        this.options.opened((frame) => {
          if (socket.readyState === OPEN) socket.send(JSON.stringify(frame));
        });
      });
      socket.addEventListener('message', (event: { data: unknown }) => {
        silent = 0;
        const frame = this.socket === socket ? parse(event.data) : undefined;
        if (frame) this.options.frame(frame);
      });
      // `error` says nothing that `close`, which always follows, does not.
      socket.addEventListener('error', () => {});
      socket.addEventListener('close', (event: { code?: number }) => done(event.code ?? 0));
    });
  }
}

function parse(data: unknown): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(String(data));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function asMillraceError(error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  return new MillraceError({
    code: 'connection_failed',
    detail: error instanceof Error ? error.message : String(error),
    cause: error,
  });
}
