import { createServer, type Socket, connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { TestDatabase } from './database.ts';

export interface Proxy {
  connection: TestDatabase['connection'];
  /** From now on nothing passes on the connections that there are, and nothing is closed: a network that drops packets. */
  freeze(): void;
  /** The same for the next connection on which the client says this, from that on; resolves when it has. */
  freezeAt(text: string): Promise<void>;
  /** Closes the connections that there are; the server ends the next ones, by an administrator's word, as soon as they are ready. */
  cut(nextOnes: number): void;
  close(): Promise<void>;
}

const field = (type: string, text: string): string => `${type}${text}\0`;
const WORDS = Buffer.from(`${field('S', 'FATAL')}${field('C', '57P01')}${field('M', 'terminated by the test')}\0`);
const LENGTH = Buffer.alloc(4);
LENGTH.writeInt32BE(WORDS.length + LENGTH.length);
/** ErrorResponse, as the server's last message. */
const TERMINATED = Buffer.concat([Buffer.from('E'), LENGTH, WORDS]);
/** ReadyForQuery, outside of a transaction. */
const READY = Buffer.from('Z\0\0\0\x05I');

/** A way to a test's database over TCP that can fall silent. */
export async function startProxy(connection: TestDatabase['connection']): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const frozen = new WeakSet<Socket>();
  let endings = 0;
  let stop: { text: string; reached: () => void } | undefined;
  const server = createServer((inside) => {
    let isEnding = endings > 0;
    endings -= 1;
    const outside = connect(`${connection.host}/.s.PGSQL.${connection.port}`);
    for (const [from, to] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => {
        if (stop && from === inside && data.includes(stop.text)) {
          frozen.add(inside).add(outside);
          stop.reached();
          stop = undefined;
        }
        if (frozen.has(from)) return;
        const isEnd = isEnding && from === outside && data.subarray(-READY.length).equals(READY);
        to.write(isEnd ? Buffer.concat([data, TERMINATED]) : data);
        if (isEnd) isEnding = false;
      });
      from.on('close', () => frozen.has(from) || to.destroy());
      from.on('error', () => undefined);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    connection: { ...connection, host: '127.0.0.1', port },
    freeze: () => sockets.forEach((socket) => frozen.add(socket)),
    freezeAt: (text) =>
      new Promise((resolve) => {
        stop = { text, reached: resolve };
      }),
    cut(nextOnes) {
      endings = nextOnes;
      sockets.forEach((socket) => socket.destroy());
    },
    async close() {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
