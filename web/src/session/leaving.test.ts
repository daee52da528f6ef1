import { expect, test } from 'vitest';
import { createLeaving, fetchUnlessLeaving } from './leaving.ts';

function page() {
  const sent: string[] = [];
  const leaving = createLeaving();
  const request = fetchUnlessLeaving(leaving, async (input, init) => {
    sent.push(`${init?.method ?? 'GET'} ${input instanceof Request ? input.url : input.toString()}`);
    return new Response();
  });
  return { sent, leaving, request };
}

test('a page that ends its session asks for nothing else, but for a log-in that the end needs', async () => {
  const { sent, leaving, request } = page();
  await request('/v1/overview');
  leaving.begin();
  const late = request('/v1/overview/stream');
  const ending = ['/v1/auth/login', '/v1/auth/logout'].map((path) => request(path, { method: 'POST' }));
  await Promise.all([...ending, request('/v1/sessions', { method: 'DELETE' })]);
  expect(sent).toEqual(['GET /v1/overview', 'POST /v1/auth/login', 'POST /v1/auth/logout', 'DELETE /v1/sessions']);
  leaving.callOff();
  await late;
  expect(sent.at(-1)).toBe('GET /v1/overview/stream');
});

test('one session of several that is ended, and an order, wait as everything else does', async () => {
  const { sent, leaving, request } = page();
  leaving.begin();
  leaving.begin();
  const waiting = [
    request('/v1/sessions/ses_1', { method: 'DELETE' }),
    request('/v1/sessions'),
    request('/v1/orders', { method: 'POST' }),
  ];
  await request('/v1/auth/logout', { method: 'POST' });
  expect(sent).toEqual(['POST /v1/auth/logout']);
  leaving.callOff();
  await Promise.all(waiting);
  expect(sent).toHaveLength(4);
});
