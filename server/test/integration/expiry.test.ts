import type pg from 'pg';
import { expect, test, vi } from 'vitest';
import { settableClock } from '../../src/core/clock.ts';
import { enqueue } from '../../src/db/jobs.ts';
import { startTestCore, type TestCore } from '../support/core.ts';

const DAY = 24 * 3_600_000;

async function register({ core }: TestCore, email: string): Promise<string> {
  const answer = await core.identity.register(
    { email, password: 'the mill at the river', name: 'Ann' },
    { address: '127.0.0.1' },
  );
  if (!answer.ok) throw new Error(answer.problem.detail);
  return answer.value.token;
}

async function count(pool: pg.Pool, table: string): Promise<number> {
  const { rows } = await pool.query<{ rows: number }>(`select count(*)::int as rows from ${table}`);
  return (rows[0] as { rows: number }).rows;
}

test('a running installation deletes what has expired, and keeps what has not', async () => {
  const clock = settableClock(Date.now());
  const test = await startTestCore({ clock });
  const { core, pool } = test;
  const old = await register(test, 'old@test.example');
  const caller = await core.identity.authenticate(old);
  if (!caller) throw new Error('the new user is nobody');
  await core.identity.createKey(caller, { name: 'for a day', scopes: ['orders:read'], expires_in_days: 1 });
  await core.identity.issueTicket(caller, old);
  expect(await count(pool, 'api_keys')).toBe(1);
  // More than one statement deletes.
  await pool.query(
    `insert into tickets (token_hash, origin_hash, user_id, acting_for, scopes, expires_at)
     select sha256(convert_to(n::text, 'UTF8')), sha256(''), $1, $1, '{}', $2 from generate_series(1, 2500) n`,
    [caller.userId, new Date(clock.now())],
  );
  clock.advance(32 * DAY);
  const current = await register(test, 'current@test.example');

  await core.startEffects();
  await enqueue(pool, 'purge_expired', [{ jobKey: 'purge_expired', payload: {} }]);
  await vi.waitFor(
    async () => {
      expect(await count(pool, 'tickets')).toBe(0);
      expect(await count(pool, 'sessions')).toBe(1);
      expect(await count(pool, 'api_keys')).toBe(0);
    },
    { timeout: 50_000, interval: 30 },
  );
  expect(await core.identity.authenticate(current)).toBeDefined();
  await test.stop();
});
