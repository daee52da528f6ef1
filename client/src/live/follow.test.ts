import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createClient } from '../client.ts';
import type { MillraceError } from '../error.ts';
import type { StreamState } from '../stream/connection.ts';
import { readEvents } from './server-sent-events.ts';

type Answer = (response: ServerResponse, authorization: string | undefined) => void;

/** Answers in turn, the last one again and again. */
async function serve(answers: readonly Answer[]): Promise<{ url: string; count: () => number }> {
  let count = 0;
  const server = createServer((request, response) => {
    const answer = answers[Math.min(count, answers.length - 1)] as Answer;
    count += 1;
    answer(response, request.headers.authorization);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, count: () => count };
}

const begin = (response: ServerResponse, ...events: string[]): ServerResponse => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`retry: 2000\n\n${events.join('')}`);
  return response;
};
const totals = (orders: number): string => `event: totals\ndata: {"orders":${orders}}\n\n`;

async function textsOf(parts: readonly string[]): Promise<string[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });
  const texts: string[] = [];
  for await (const { event, data } of readEvents(body)) texts.push(`${event}: ${data}`);
  return texts;
}

test('events are read however their bytes are cut, with every kind of line end, without comments and half events', async () => {
  const text =
    ':\n\nevent: a\r\ndata: one\r\n\r\ndata:two\rdata: three\r\r: x\nid: 7\nevent: b\n\nevent: c\ndata: ü\n\ndata: lost';
  const expected = ['a: one', 'message: two\nthree', 'c: ü'];
  expect(await textsOf([text])).toEqual(expected);
  expect(await textsOf(text.split(''))).toEqual(expected);
});

test('a value is followed with the caller’s token, over connections that break, until it is closed', async () => {
  const server = await serve([
    (response, token) => begin(response, totals(token === 'Bearer t' ? 1 : 0)).end(),
    (response) => void response.destroy(),
    (response) => void response.writeHead(503).end(),
    (response) => void begin(response, totals(2), totals(3)),
  ]);
  const states: StreamState[] = [];
  const seen: number[] = [];
  await new Promise<void>((resolve) => {
    const following = createClient({ url: server.url, token: 't' }).installation.follow(
      ({ orders }) => {
        seen.push(orders);
        if (orders === 3) following.close();
      },
      {
        onState: (state) => {
          states.push(state);
          if (state === 'closed') resolve();
        },
      },
    );
  });
  expect(seen).toEqual([1, 2, 3]);
  expect(server.count()).toBe(4);
  expect(states.filter((state) => state === 'open')).toHaveLength(2);
  expect(states.at(-1)).toBe('closed');
});

test('a refusal that would not change ends it, and is told', async () => {
  const problem = { code: 'forbidden', detail: 'no', title: 'no', status: 403, type: 'x', request_id: 'r' };
  const server = await serve([(response) => void response.writeHead(403).end(JSON.stringify(problem))]);
  const error = await new Promise<MillraceError>((resolve) => {
    createClient({ url: server.url }).overview.follow(() => undefined, { refused: resolve });
  });
  expect(error.code).toBe('forbidden');
  expect(server.count()).toBe(1);
});

test('an answer of a proxy that broke is no refusal', async () => {
  const server = await serve([
    (response) => void response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>oops</h1>'),
    (response) => void begin(response, totals(1)),
  ]);
  await new Promise<void>((resolve, reject) => {
    const following = createClient({ url: server.url }).installation.follow(
      () => {
        following.close();
        resolve();
      },
      { refused: reject },
    );
  });
  expect(server.count()).toBe(2);
});
