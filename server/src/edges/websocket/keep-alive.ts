import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { type Caller, isSameCaller } from '../../core/caller.ts';
import type { SocketLimits } from './limits.ts';
import type { Session } from './session.ts';
import type { StreamSocket } from './stream-socket.ts';
import type { Opener } from './upgrade.ts';

/** Pings, and ends a client that has not answered for too long. */
export function beat({ ws, session }: { ws: WebSocket; session: Session }, limits: SocketLimits): NodeJS.Timeout {
  let missed = 0;
  ws.on('pong', () => {
    missed = 0;
  });
  return setInterval(() => {
    if (missed >= limits.missedPingsMax) return ws.terminate();
    missed += 1;
    ws.ping();
    session.sendCursors();
  }, limits.heartbeatMs).unref();
}

export interface Watched {
  socket: StreamSocket;
  opener: Opener;
  limits: SocketLimits;
  log: Logger;
}

/**
 * Closes the socket when the session or key has ended, or may do something else now: looks every now and then, and when
 * `recheck` is called.
 */
export function watch({ socket, opener, limits, log }: Watched): { timer: NodeJS.Timeout; recheck(): void } {
  const check = async (): Promise<void> => {
    let now: Caller | undefined;
    try {
      now = await opener.again();
    } catch (error) {
      // No access ends because the database is away; it is asked again.
      return log.warn({ err: error }, 'a socket’s session could not be checked');
    }
    if (!isSameCaller(opener.caller, now)) socket.end(4401);
  };
  const recheck = (): void => void check();
  return { timer: setInterval(recheck, limits.recheckMs).unref(), recheck };
}
