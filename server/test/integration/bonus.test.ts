import { expect, test, vi } from 'vitest';
import { uuidv7 } from '../../src/core/ids.ts';
import { enqueueBonus, grantBonus } from '../../src/effects/index.ts';
import { startTestCore } from '../support/core.ts';
import { startTestEffects } from '../support/effects.ts';
import { expectSound } from '../support/ledger.ts';

test('a user gets the starting balance once, also when the process that registered them ended right after', async () => {
  const test = await startTestCore();
  const { core } = test;
  const effects = await startTestEffects(test);
  const make = async (bonus: { asset?: string; amount?: string }): Promise<string> => {
    const userId = uuidv7();
    const client = await test.pool.connect();
    await client.query('begin');
    await client.query(
      "insert into users (id, email, email_key, name, role, created_at) values ($1, $2, $2, 'New', 'investor', now())",
      [userId, `${userId}@test`],
    );
    await enqueueBonus(client, { userId, ...bonus });
    await client.query('commit');
    client.release();
    return userId;
  };
  const tenDollars = { asset: 'USD', amount: '10.00' };
  const [lucky, unlucky, unsaid] = [await make(tenDollars), await make(tenDollars), await make({})];
  expect(await grantBonus(core.intake, { userId: lucky, asset: 'USD', amount: '10.00' })).toMatchObject({ ok: true });
  await test.pool.query("update graphile_worker._private_jobs set run_at = now() where key like 'bonus/%'");
  await vi.waitFor(
    async () => {
      const { rows } = await test.pool.query("select 1 from graphile_worker.jobs where key like 'bonus/%'");
      expect(rows).toEqual([]);
    },
    { timeout: 50_000, interval: 30 },
  );
  const { rows } = await test.pool.query(
    "select owner_id, balance::bigint from accounts where purpose = 'cash' order by owner_id",
  );
  expect(new Map(rows.map(({ owner_id, balance }) => [owner_id, balance]))).toEqual(
    new Map([
      [lucky, 1_000n],
      [unlucky, 1_000n],
      [unsaid, 700n],
    ]),
  );
  await expectSound(test.pool);
  await effects.stop();
  await test.stop();
});
