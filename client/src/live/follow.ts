import { MillraceError } from '../error.ts';
import type { Transport } from '../http.ts';
import { delayBefore, pause, RETRY_DEFAULTS } from '../retry.ts';
import type { StreamState } from '../stream/connection.ts';
import { readEvents } from './server-sent-events.ts';

/** The server breaks its silence every 15 s; after three times as long nobody is there. */
const SILENCE_MS_MAX = 45_000;

export interface FollowOptions {
  /** `connecting`, `open` with each first value, `waiting` before the next attempt, `closed` at the end. */
  onState?: (state: StreamState) => void;
  /** The server refused, and would again: nothing is followed any more. */
  refused?: (error: MillraceError) => void;
}

/** A value that is followed: the listener is called with the one of now, and with each new one. */
export interface Follow {
  readonly state: StreamState;
  close(): void;
}

/** What is followed: a path of server-sent events, the event whose data is the value, and who is told of it. */
export interface Followed<T> {
  path: string;
  event: string;
  listener: (value: T) => void;
}

/**
 * Follows a value over server-sent events, in browsers (cookie) and Node (bearer token). Each event is the whole value, so
 * that nothing is lost by a broken connection: it is made again, ever more slowly while it fails, until `close` or a
 * refusal that would not change (`unauthenticated`, `forbidden`).
 */
export function follow<T>(
  transport: Transport,
  { path, event, listener }: Followed<T>,
  options: FollowOptions = {},
): Follow {
  const ending = new AbortController();
  let state: StreamState = 'connecting';
  const become = (next: StreamState): void => {
    if (state === next && next !== 'connecting') return;
    state = next;
    call(() => options.onState?.(next));
  };

  /** One connection, until it ends. @returns whether a value came. */
  async function listen(): Promise<boolean> {
    const silence = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const heard = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS_MAX);
    };
    let came = false;
    try {
      heard();
      const body = await transport.open(path, AbortSignal.any([ending.signal, silence.signal]));
      for await (const message of readEvents(body, heard)) {
        if (ending.signal.aborted) break;
        if (message.event !== event) continue;
        const value = JSON.parse(message.data) as T;
        came = true;
        become('open');
        call(() => listener(value));
      }
      return came;
    } catch (error) {
      // What broke is tried again, unless the server said that it would be in vain.
      if (error instanceof MillraceError && !error.retryable) throw error;
      return came;
    } finally {
      clearTimeout(timer);
    }
  }

  async function run(): Promise<void> {
    for (let failures = 0; !ending.signal.aborted; ) {
      become('connecting');
      failures = (await listen()) ? 1 : failures + 1;
      if (ending.signal.aborted) return;
      become('waiting');
      await pause(delayBefore(failures, RETRY_DEFAULTS), ending.signal).catch(() => undefined);
    }
  }

  run()
    .catch((error: unknown) => {
      if (!ending.signal.aborted) call(() => options.refused?.(error as MillraceError));
    })
    .finally(() => become('closed'));

  return {
    get state() {
      return state;
    },
    close: () => ending.abort(),
  };
}

/** What a listener throws is the program's to see, and no reason to end the connection. */
function call(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
