import { DESKS, OPERATIONS, type OperationId } from '@millrace/contract';
import { expect, test } from 'vitest';
import { createClient } from './index.ts';

/** What other programs ask than those that use the client: probes, makers of documents, and readers of a plain event stream. */
const OF_OTHERS: ReadonlySet<OperationId> = new Set(['getHealth', 'getOpenApi', 'getAsyncApi', 'streamEvents']);

/** `METHOD /path` of every request that the client can make: each of its functions is called once, with lists of a word, which pass for ids and bodies. */
async function requestsOf(): Promise<string[]> {
  const requests: string[] = [];
  const answer = async (url: unknown, init?: RequestInit): Promise<Response> => {
    requests.push(`${init?.method ?? 'GET'} ${new URL(String(url)).pathname}`);
    return Response.json({});
  };
  const client = createClient({ url: 'http://server.example', fetch: answer });
  const { stream: _opensASocket, ...calls } = client;
  const callAll = async (part: object): Promise<void> => {
    for (const value of Object.values(part) as unknown[]) {
      if (typeof value === 'object' && value !== null) await callAll(value);
      if (typeof value === 'function')
        await settled(() => (value as (...given: string[][]) => unknown)(['x'], ['x'], ['x']));
    }
  };
  await callAll(calls);
  return requests;
}

/** What comes of a call does not matter here. */
async function settled(call: () => unknown): Promise<void> {
  try {
    const made = await call();
    if (typeof made === 'object' && made !== null && Symbol.asyncIterator in made)
      await (made as AsyncIterable<unknown>)[Symbol.asyncIterator]().next();
  } catch {
    // An answer of nothing is none that it expects.
  }
}

test('the client has a call for each operation that programs of users have a use for', async () => {
  const requests = await requestsOf();
  const forgotten = OPERATIONS.filter(({ operationId, access, method, path }) => {
    if (access === 'signature' || access === 'metrics' || OF_OTHERS.has(operationId)) return false;
    const pattern = new RegExp(`^${method} ${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
    return !requests.some((request) => pattern.test(request));
  });
  const deskOf = (id: string): string =>
    DESKS.find(({ operations }) => operations.some(({ operationId }) => operationId === id))?.name ?? 'engine';
  expect(
    forgotten.map(
      ({ operationId, method, path }) =>
        `${deskOf(operationId)}: the client has no call of ${operationId} (${method} ${path}): add it to client/src/, and its part to client/src/client.ts`,
    ),
  ).toEqual([]);
});
