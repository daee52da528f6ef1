import type { Server, Socket } from 'node:net';
import { addressKey, LOOPBACK } from '../intake/identity/index.ts';
import type { ProxyTrust } from './proxies.ts';

/** Loopback may have so many times as much: this machine's own programs and load tests. */
const LOOPBACK_FACTOR = 20;
/** From this multiple on nobody is answered politely: the connection is cut. */
const CUT_FACTOR = 2;

export interface ConnectionLimits {
  /** Connections of one address (of IPv6, of one /64). */
  perAddress: number;
  /** Proxies stand for many: what they let through is theirs to bound, and streams are counted by the client's address. */
  trustProxy: ProxyTrust | undefined;
}

/**
 * Counts the connections of each address. Those beyond the limit are marked, so that their first request is answered with
 * a problem; those far beyond it are cut at once.
 *
 * @returns whether a connection is one too many.
 */
export function limitConnections(server: Server, limits: ConnectionLimits): (socket: Socket) => boolean {
  const open = new Map<string, number>();
  const excess = new WeakSet<Socket>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    if (limits.trustProxy?.(address) === true) return;
    const key = addressKey(address);
    const max = key === LOOPBACK ? limits.perAddress * LOOPBACK_FACTOR : limits.perAddress;
    const count = (open.get(key) ?? 0) + 1;
    open.set(key, count);
    socket.once('close', () => {
      const left = (open.get(key) ?? 0) - 1;
      if (left > 0) open.set(key, left);
      else open.delete(key);
    });
    if (count > max * CUT_FACTOR) socket.destroy();
    else if (count > max) excess.add(socket);
  });
  return (socket) => excess.has(socket);
}
