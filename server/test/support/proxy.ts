import { createServer, type Socket, connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { TestDatabase } from './database.ts';

export interface Proxy {
  connection: TestDatabase['connection'];
  /** From now on nothing passes on the connections that there are, and nothing is closed: a network that drops packets. */
  freeze(): void;
  close(): Promise<void>;
}

/** A way to a test's database over TCP that can fall silent. */
export async function startProxy(connection: TestDatabase['connection']): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const frozen = new WeakSet<Socket>();
  const server = createServer((inside) => {
    const outside = connect(`${connection.host}/.s.PGSQL.${connection.port}`);
    for (const [from, to] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => frozen.has(from) || to.write(data));
      from.on('close', () => frozen.has(from) || to.destroy());
      from.on('error', () => undefined);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    connection: { ...connection, host: '127.0.0.1', port },
    freeze: () => sockets.forEach((socket) => frozen.add(socket)),
    async close() {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
