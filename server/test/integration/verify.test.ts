import { expect, test } from 'vitest';
import type { Check } from '../../src/desks/desk.ts';
import { verify } from '../../src/ops/verify.ts';
import { writeOrder } from '../support/log-rows.ts';
import { ann, cash, faultsOf, soundDatabase, useDamage, world } from '../support/verify-bench.ts';

const reportAfter = useDamage();

test('a sound database has no violation, and every check looked at rows', async () => {
  const pool = await soundDatabase();
  const report = await verify(pool, { checks: [] });
  expect(report.checks.filter((check) => !check.ok)).toEqual([]);
  expect(report.ok).toBe(true);
  expect(report.checks.filter((check) => check.checked === 0)).toEqual([]);
  expect(report.duration_ms).toBeGreaterThanOrEqual(0);
});

test('of very many violations twenty are named and all are counted', async () => {
  const report = await reportAfter(
    `insert into user_events select gen_random_uuid(), 0, n, array[n] from generate_series(1, 1000) n`,
  );
  const check = report.checks.find(({ name }) => name === 'user_events_are_complete');
  expect(check).toMatchObject({ ok: false, violation_count: 1000 });
  expect(check?.violations).toHaveLength(20);
});

test('what a desk says about its own rows is checked too, and told as it goes', async () => {
  const pool = await soundDatabase();
  const checks: Check[] = [
    { name: 'fine', sql: `select '' as subject, '' as detail where false` },
    { name: 'broken', sql: `select 7 as subject, 'is wrong' as detail` },
  ];
  const told: string[] = [];
  const report = await verify(pool, { checks, onResult: ({ name }) => told.push(name) });
  expect(report.ok).toBe(false);
  expect(report.checks.slice(-2)).toEqual([
    { name: 'fine', ok: true, checked: null, violations: [], violation_count: 0 },
    {
      name: 'broken',
      ok: false,
      checked: null,
      violations: [{ subject: '7', detail: 'is wrong' }],
      violation_count: 1,
    },
  ]);
  expect(told).toEqual(report.checks.map((check) => check.name));
});

test('a check whose statement is wrong is named', async () => {
  const pool = await soundDatabase();
  await expect(verify(pool, { checks: [{ name: 'typo', sql: 'selec 1' }] })).rejects.toThrow(
    'the check typo could not be run',
  );
  expect((await verify(pool, { checks: [] })).ok).toBe(true);
});

test('it sees one moment, whatever is written meanwhile', async () => {
  const pool = await soundDatabase();
  const writing = new AbortController();
  const writers = [0, 1].map(async (shard) => {
    while (!writing.signal.aborted) {
      await writeOrder(pool, {
        kind: 'deposit',
        shard,
        userId: ann,
        transfers: [{ debit: world, credit: cash, amount: 1n }],
      });
    }
  });
  for (let i = 0; i < 5; i += 1) expect(faultsOf(await verify(pool, { checks: [] }))).toEqual({});
  writing.abort();
  await Promise.all(writers);
});
