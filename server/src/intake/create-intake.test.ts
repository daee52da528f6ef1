import type pg from 'pg';
import { expect, test } from 'vitest';
import type { Caller } from '../core/caller.ts';
import { settableClock } from '../core/clock.ts';
import type { Preview } from '../pipeline/preview.ts';
import { createIntake } from './create-intake.ts';

const userId = '00000000-0000-7000-8000-000000000000';
const caller: Caller = { userId, role: 'investor', scopes: new Set(['orders:write']), actingFor: userId };
const submission = { kind: 'deposit', params: { asset: 'USD', amount: '1.00' } };

test('previews wait for their turn up to a bound; beyond it they are refused at once, until others have ended', async () => {
  const endings: ((error: Error) => void)[] = [];
  const pipeline = {
    submit: () => 'closed' as const,
    refusals: { keep: () => undefined },
    preview: () => new Promise<Preview>((_, reject) => endings.push(reject)),
  };
  const intake = createIntake({
    pipeline,
    pool: {} as pg.Pool,
    clock: settableClock(0),
    shardCount: 1,
    deriveId: String,
  });
  const preview = () => intake.preview(caller, submission).catch((error: unknown) => error);
  const waiting = Array.from({ length: 200 }, preview);
  expect(await preview()).toMatchObject({ ok: false, problem: { code: 'overloaded', retryAfterSeconds: 1 } });
  expect(endings).toHaveLength(200);
  endings[0]?.(new Error('ended'));
  await waiting[0];
  void preview();
  await Promise.resolve();
  expect(endings).toHaveLength(201);
});
