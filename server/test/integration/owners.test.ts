import { expect, test, vi } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { shardOf } from '../../src/core/ids.ts';
import type { Answer } from '../../src/intake/intake.ts';
import { orderOf, startTestCore } from '../support/core.ts';
import { expectSound } from '../support/ledger.ts';

test('two processes with a shard each: every job comes to the one that decides its commands, and none fails on the way', async () => {
  const left = await startTestCore({ flags: ['--shards', '2', '--own-shards', '0'] });
  const right = await startTestCore({ flags: ['--shards', '2', '--own-shards', '1'], database: left.database });
  await Promise.all([left.core.startEffects(), right.core.startEffects()]);
  const users: Caller[] = [];
  for (let i = 0; i < 6; i += 1) users.push(await left.user({ money: '0' }));
  const submit = (user: Caller, kind: string): Promise<Answer> =>
    [left, right][shardOf(user.userId, 2)]!.core.intake.submit(user, {
      kind,
      params: { asset: 'USD', amount: '5.00' },
    });
  for (const user of users) orderOf(await submit(user, 'deposit'));
  await Promise.all(users.map(async (user) => orderOf(await submit(user, 'withdraw'))));
  let failures = 0;
  await vi.waitFor(
    async () => {
      const { rows: jobs } = await left.pool.query<{ last_error: string | null }>(
        "select last_error from graphile_worker.jobs where task_identifier like 'withdraw%'",
      );
      failures += jobs.filter(({ last_error }) => last_error !== null).length;
      const { rows } = await left.pool.query("select status from orders where kind = 'withdraw'");
      expect(rows).toEqual(users.map(() => ({ status: 'completed' })));
      expect(jobs).toEqual([]);
    },
    { timeout: 40_000, interval: 50 },
  );
  expect(failures).toBe(0);
  await expectSound(left.pool);
  await right.stop();
  await left.stop();
});
