import { expect, test, vi } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { formatId, parseId, shardOf, uuidv7 } from '../../src/core/ids.ts';
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

test('who registers at a process that does not own the user’s shard has the starting balance at once: the job goes to its owner', async () => {
  const flags = ['--shards', '2', '--starting-balance', '50.00'];
  const left = await startTestCore({ flags: [...flags, '--own-shards', '0'] });
  const right = await startTestCore({ flags: [...flags, '--own-shards', '1'], database: left.database });
  const ofShard = new Map<number, string>();
  for (let n = 0; ofShard.size < 2; n += 1) {
    const made = await left.core.identity.createUser({
      email: `user-${n}@test`,
      name: 'New',
      role: 'investor',
      password: `the password of ${n}`,
      welcome: true,
    });
    if (!made.ok) throw new Error(made.problem.detail);
    const userId = parseId('user', made.value.user.id) as string;
    ofShard.set(shardOf(userId, 2), userId);
  }
  const [here, there] = [ofShard.get(0) as string, ofShard.get(1) as string];
  const jobOf = async (userId: string) =>
    (
      await left.pool.query(
        'select task_identifier as task, run_at <= now() as now from graphile_worker.jobs where key = $1',
        [`bonus/${userId}`],
      )
    ).rows;
  expect(await jobOf(here)).toEqual([{ task: 'grant_bonus', now: false }]);
  expect(await jobOf(there)).toEqual([{ task: 'grant_bonus:1', now: true }]);
  const balanceOf = async (userId: string) =>
    (await left.pool.query("select balance::int from accounts where owner_id = $1 and purpose = 'cash'", [userId]))
      .rows;
  expect(await balanceOf(here)).toEqual([{ balance: 5_000 }]);
  await right.core.startEffects();
  await vi.waitFor(async () => expect(await balanceOf(there)).toEqual([{ balance: 5_000 }]), { timeout: 50_000 });

  // What this process says to an order of theirs is true: it is at work, and that user is another's.
  const params = { to_user: formatId('user', here), asset: 'USD', amount: '1.00' };
  const caller: Caller = { userId: there, actingFor: there, role: 'investor', scopes: new Set(['orders:write']) };
  expect(await left.core.intake.submit(caller, { kind: 'transfer', params })).toMatchObject({
    problem: { code: 'shutting_down', detail: expect.stringMatching(/^Another process owns/), retryAfterSeconds: 1 },
  });
  expect(await right.core.intake.submit(caller, { kind: 'transfer', params })).toMatchObject({
    order: { status: 'completed' },
  });
  await expectSound(left.pool);
  await right.stop();
  await left.stop();
});
