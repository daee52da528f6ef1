import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';

let rest: TestRest;
let base: string;
let user: TestUser;

beforeAll(async () => {
  rest = await startTestRest();
  await rest.app.listen({ port: 0, host: '127.0.0.1' });
  base = `http://127.0.0.1:${(rest.app.server.address() as AddressInfo).port}`;
  user = await rest.person();
});
afterAll(() => rest?.stop());

interface StreamedEvent {
  id: string;
  event: string;
  data: { type: string; subject: string };
}

/** Reads an event stream until an event of the type has come. */
async function readUntil(response: Response, type: string): Promise<StreamedEvent> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    for (const block of text.split('\n\n').slice(0, -1)) {
      const fields = new Map(
        block.split('\n').map((line) => [line.split(':', 1)[0] as string, line.slice(line.indexOf(':') + 1).trim()]),
      );
      if (fields.get('event') !== type) continue;
      return { id: fields.get('id') ?? '', event: type, data: JSON.parse(fields.get('data') ?? 'null') };
    }
  }
  throw new Error(`the stream ended: ${text}`);
}

function open(headers: Record<string, string> = {}, query = ''): Promise<Response> {
  return fetch(`${base}/v1/events/stream${query}`, { headers: { authorization: `Bearer ${user.token}`, ...headers } });
}

const place = (amount: string) =>
  rest.call('POST', '/v1/orders', { as: user, body: { kind: 'deposit', asset: 'USD', amount } });

it('brings an order’s event when it is committed, and goes on behind Last-Event-ID', async () => {
  const stream = await open();
  expect(stream.status).toBe(200);
  expect(stream.headers.get('content-type')).toContain('text/event-stream');
  expect(stream.headers.get('x-request-id')).toMatch(/^req_/);
  const reading = readUntil(stream, 'order_processed');
  const first = (await place('1.00')).json();
  const event = await reading;
  expect(event.data.subject).toBe(first.id);

  const second = (await place('2.00')).json();
  const resumed = await open({ 'last-event-id': event.id });
  expect((await readUntil(resumed, 'order_processed')).data.subject).toBe(second.id);
  // What the header says wins: a browser sends it beside the address that it first opened.
  const both = await open({ 'last-event-id': event.id }, '?after=0-0');
  expect((await readUntil(both, 'order_processed')).data.subject).toBe(second.id);
});

it('answers a problem where it cannot begin', async () => {
  const answer = await open({}, '?after=nonsense');
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(await answer.json()).toMatchObject({ code: 'invalid_cursor' });
  expect((await fetch(`${base}/v1/events/stream`)).status).toBe(401);
  expect(
    (await fetch(`${base}/v1/events/stream`, { method: 'HEAD', headers: { authorization: `Bearer ${user.token}` } }))
      .status,
  ).toBe(405);
});
