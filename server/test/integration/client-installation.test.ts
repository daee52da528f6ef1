import type { MillraceError, StreamState } from '@millrace/client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(async () => platform.stop());

test('a visitor reads what the installation is, and nothing of the operators’', async () => {
  const visitor = platform.client();
  expect(await visitor.installation.get()).toMatchObject({
    name: 'Millrace',
    currency: { asset: 'USD', scale: 2 },
    demo: null,
    starting_balance: { asset: 'USD', amount: '10000.00' },
    roles_open: ['investor'],
    totals: { loans_total: 0, funded: '0.00' },
  });
  await expect(visitor.overview.get()).rejects.toMatchObject({ code: 'unauthenticated' });
  const refused = await new Promise<MillraceError>((resolve) => {
    visitor.overview.follow(() => undefined, { refused: resolve });
  });
  expect(refused.code).toBe('unauthenticated');
});

test('the totals are followed, also over the server’s restart', async () => {
  const visitor = platform.client();
  const states: StreamState[] = [];
  const seen: number[] = [];
  const following = visitor.installation.follow(({ users }) => seen.push(users), {
    onState: (state) => states.push(state),
  });
  const until = (count: number): Promise<void> =>
    vi.waitFor(() => expect(seen.at(-1)).toBeGreaterThanOrEqual(count), { timeout: 30_000, interval: 10 });
  await until(0);
  const before = seen.at(-1) as number;
  await visitor.auth.register({ email: 'one@example.com', password: 'a long password', name: 'One' });
  await until(before + 1);
  await platform.stopServer();
  await platform.startServer();
  await visitor.auth.register({ email: 'two@example.com', password: 'a long password', name: 'Two' });
  await until(before + 2);
  following.close();
  expect(states).toContain('waiting');
});

test('an operator follows the overview, and has the books verified', async () => {
  const overview = await new Promise((resolve) => {
    const following = platform.operator().overview.follow((value) => {
      following.close();
      resolve(value);
    });
  });
  expect(overview).toMatchObject({
    database: { version: expect.stringMatching(/^\d+/), embedded: false },
    queue: { waiting: 0, max: 20_000 },
    connections: { sse: expect.any(Number), http: expect.any(Number) },
  });
  expect(await platform.operator().verifications.latest()).toBeNull();
  const report = await platform.operator().verifications.run();
  expect(report.ok).toBe(true);
  expect(await platform.operator().verifications.latest()).toEqual(report);
});
