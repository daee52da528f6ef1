import { createClient } from '@millrace/client';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeDataFolder, type ServerProcess, startServer } from './server-process.ts';

const SHIFTED = new URL('../support/shifted-clock.ts', import.meta.url).href;

/** A server whose clock is ahead of the machine's by so many days. */
function startAhead(folder: string, days: number): Promise<ServerProcess> {
  process.env['MILLRACE_TEST_CLOCK_DAYS'] = String(days);
  return startServer(folder, [], ['--import', SHIFTED]);
}

const clientOf = ({ http }: ServerProcess, folder: string) =>
  createClient({ url: http, token: readFileSync(join(folder, 'operator.key'), 'utf8').trim() });

test('a server whose clock is 400 days ahead gives nobody up, says so, and so does the next one', {
  timeout: 240_000,
}, async () => {
  const { folder, remove } = makeDataFolder();
  onTestFinished(remove);
  const first = await startServer(folder);
  const { id: borrower } = await clientOf(first, folder).me();
  const loan = await clientOf(first, folder).loans.create({
    borrower_id: borrower,
    purpose: 'Roof',
    amount: '100.00',
    apr: '0.10',
    term_months: 12,
    grade: 'B',
    funding_deadline: new Date(Date.now() + 30 * 86_400_000).toISOString(),
  });
  await first.stop();

  const ahead = await startAhead(folder, 400);
  const there = clientOf(ahead, folder);
  const { checks } = await there.readiness();
  expect(checks).toContainEqual({ name: 'clock', ok: false });
  expect((await there.overview.get()).clock).toMatchObject({ fault: 'database' });
  expect((await there.overview.get()).due.waiting).toBe(1);
  expect((await there.loans.get(loan.id)).status).toBe('open');
  // Orders are taken, with the time that the clock says: the next server finds them in its future.
  await there.orders.submit({ kind: 'deposit', asset: 'USD', amount: '1.00' });
  await ahead.stop();

  const back = await startServer(folder);
  const here = clientOf(back, folder);
  expect((await here.overview.get()).clock).toMatchObject({ fault: 'behind' });
  expect((await here.clock.confirm()).fault).toBeNull();
  expect((await here.loans.get(loan.id)).status).toBe('open');
  expect((await here.readiness()).checks).toContainEqual({ name: 'clock', ok: true });
  expect(await back.stop()).toBe(0);
});
