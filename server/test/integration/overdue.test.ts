import type { WireOverdue } from '@millrace/contract';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { enqueue } from '../../src/db/jobs.ts';
import { type ClockLimits, clockLimitsOf, createClockGuard } from '../../src/effects/index.ts';
import { createLog } from '../../src/ops/log.ts';
import { readOverdue, statementOf } from '../../src/ops/overdue.ts';
import { verify } from '../../src/ops/verify.ts';
import { orderOf } from '../support/core.ts';
import { openLoan } from '../support/ledger.ts';
import { DAY_MS, type LendingWorld, startLendingWorld } from '../support/lending-world.ts';

const MINUTE_MS = 60_000;
/** The world's clock is not the database's: here it is believed all the same. */
const ANY_CLOCK: ClockLimits = { gapMaxMs: Infinity, differenceMaxMs: Infinity };

let here: LendingWorld;
let isStopped = false;
beforeAll(async () => {
  here = await startLendingWorld();
});
afterAll(async () => {
  if (!isStopped) return here.stop();
  await here.pool.end();
  await here.database.drop();
});

const look = (clockLimits = ANY_CLOCK): Promise<WireOverdue> =>
  readOverdue({ pool: here.pool, clock: here.clock, kinds: here.core.overdue, clockLimits });

/** The kinds of which the subject is, with their words. */
async function found(subject: string): Promise<Record<string, string>> {
  const { checks } = await look();
  return Object.fromEntries(
    checks.flatMap(({ name, rows }) =>
      rows.filter((row) => row.subject === subject).map(({ since, detail }) => [name, `${since} ${detail}`]),
    ),
  );
}

/** A loan of 100.00 that is paid out, whose borrower has nothing. */
async function runningLoan(): Promise<string> {
  const borrower = await here.user({ money: '0' });
  const loan = await openLoan(here, borrower, '100.00');
  expect(await here.fund(await here.user(), loan, '100.00')).toBe('completed');
  await here.spendAll(borrower);
  return loan;
}

describe('what is overdue', () => {
  test('a loan past its funding deadline: five minutes after it, until it expires', async () => {
    const loan = await openLoan(here, await here.user({ money: '0' }), '100.00');
    const deadline = here.clock.now() + 30 * DAY_MS;
    here.clock.set(deadline + 5 * MINUTE_MS - 1);
    expect(await found(loan)).toEqual({});
    here.clock.advance(1);
    const words = 'is open past its deadline: it is to expire, and all money to go back';
    expect(await found(loan)).toEqual({ loans_past_deadline: `${new Date(deadline).toISOString()} ${words}` });
    await here.runScheduler(loan);
    expect(await found(loan)).toEqual({});
  });

  test('an instalment that was not asked for, and no other: who was asked and did not pay is late, not overdue', async () => {
    here.setDate('2026-06-10');
    const loan = await runningLoan();
    here.clock.set(Date.parse('2026-07-10T00:04:59.999Z'));
    expect(await found(loan)).toEqual({});
    here.clock.advance(1);
    expect(await found(loan)).toEqual({
      installments_not_asked_for: '2026-07-10T00:00:00.000Z instalment 1, due on 2026-07-10, was not asked for',
    });
    await here.runScheduler(loan);
    expect(await found(loan)).toEqual({});
    expect((await here.eventsOf(loan))['loan_late']).toBe(1);
  });

  test('a late loan whose time is over', async () => {
    here.setDate('2026-09-10');
    const loan = await runningLoan();
    here.setDate('2026-10-10');
    await here.runScheduler(loan);
    // Asked each day, as the scheduler does, until the last.
    await here.pool.query("update loans set collect_on = '2027-02-01' where id = $1", [loan.slice('loan_'.length)]);
    here.clock.set(Date.parse('2027-01-08T00:04:59.999Z'));
    expect(await found(loan)).toEqual({});
    here.clock.advance(1);
    expect(await found(loan)).toEqual({
      loans_not_defaulted:
        '2027-01-08T00:00:00.000Z instalment 1 was first asked for on 2026-10-10: the loan is to default',
    });
    await here.runScheduler(loan);
    expect(await found(loan)).toEqual({});
    expect((await here.eventsOf(loan))['loan_defaulted']).toBe(1);
  });

  test('a withdrawal that is not sent, and one that has no answer', async () => {
    const { intake } = here.core;
    const at = here.clock.now();
    const params = { asset: 'USD', amount: '12.50' };
    const order = orderOf(await intake.submit(await here.user(), { kind: 'withdraw', params })).id;
    const time = (ms: number): string => new Date(ms).toISOString();
    here.clock.set(at + 15 * MINUTE_MS - 1);
    expect(await found(order)).toEqual({});
    here.clock.advance(1);
    const unsent = `${time(at)} 12.50 USD were requested, and not sent outside`;
    expect(await found(order)).toEqual({ withdrawals_not_sent: unsent });
    const sentAt = here.clock.now();
    await intake.submitInternal('send_withdrawal', `withdrawal/${order}/send`, { order_id: order });
    here.clock.set(sentAt + 60 * MINUTE_MS - 1);
    expect(await found(order)).toEqual({});
    here.clock.advance(1);
    const unanswered = `${time(sentAt)} 12.50 USD were sent outside, which has not answered`;
    expect(await found(order)).toEqual({ withdrawals_unanswered: unanswered });
    await intake.submitInternal('settle_withdrawal', `settle/${order}`, { order_id: order, approved: true });
    expect(await found(order)).toEqual({});
  });

  test('a job that keeps failing: from the fifth time on, and no newer than five minutes', async () => {
    await enqueue(here.pool, 'grant_bonus', [{ payload: { order_id: 'ord_x' }, jobKey: 'failing' }]);
    const set = (what: string) =>
      here.pool.query(`update graphile_worker._private_jobs set ${what} where key = 'failing'`);
    await set("attempts = 4, last_error = E'no luck\\nat line 1', created_at = now() - interval '6 minutes'");
    expect(await found('ord_x')).toEqual({});
    await set('attempts = 5');
    const words = (await found('ord_x'))['jobs_failing'];
    expect(words).toMatch(/ grant bonus has failed 5 times: no luck$/);
    await set("created_at = now() - interval '4 minutes'");
    expect(await found('ord_x')).toEqual({});
    await set("created_at = now() - interval '6 minutes', attempts = max_attempts");
    expect((await found('ord_x'))['jobs_failing']).toMatch(/ has failed 10000 times and is not tried again: no luck$/);
    await set('last_error = null, attempts = 0');
    expect(await found('ord_x')).toEqual({});
  });

  test('a scheduler that stands still: five minutes without a round for a shard, also one that was held', async () => {
    const roundBy = (ownShards: number[], limits: ClockLimits) =>
      createClockGuard({
        pool: here.pool,
        clock: here.clock,
        log: createLog('silent'),
        ownShards,
        ...limits,
      }).whyHeld();
    const rest = (time: string) => here.pool.query('update clock_marks set round_at = now() - $1::interval', [time]);
    const words = { scheduler_stands_still: expect.stringMatching(/nobody has looked for what time makes due/) };
    onTestFinished(() => void here.pool.query('delete from clock_marks'));
    await roundBy([0], ANY_CLOCK);
    expect(await found('shard 0')).toEqual({});
    await rest('4 minutes 50 seconds');
    expect(await found('shard 0')).toEqual({});
    await rest('5 minutes 1 second');
    expect(await found('shard 0')).toEqual(words);
    // A stop that is made up for explains what is late, and not that nothing comes.
    await here.pool.query('update clock_marks set catching_up_since = $1', [new Date(here.clock.now())]);
    expect((await look()).checks.find(({ name }) => name === 'scheduler_stands_still')).toMatchObject({
      explained: null,
    });
    await roundBy([1], ANY_CLOCK);
    expect(await found('shard 0')).toEqual(words);
    expect(await roundBy([0], { gapMaxMs: Infinity, differenceMaxMs: 0 })).toBe('database');
    expect(await found('shard 0')).toEqual({});
  });

  test('is counted beyond what is named, and breaks no rule', async () => {
    const before = await look();
    for (let made = 0; made < 21; made += 1) await openLoan(here, await here.user({ money: '0' }), '100.00');
    here.clock.advance(31 * DAY_MS);
    const { count, explained, checks } = await look();
    expect(explained).toBe(0);
    const loans = checks.find(({ name }) => name === 'loans_past_deadline');
    expect(loans).toMatchObject({ count: 21, explained: null });
    expect(loans?.rows).toHaveLength(20);
    expect(loans?.rows.map(({ since }) => since)).toEqual(loans?.rows.map(({ since }) => since).toSorted());
    expect(count).toBeGreaterThanOrEqual(before.count + 21);
    const report = await verify(here.pool, { checks: here.core.checks });
    expect(report.ok).toBe(true);
  });
});

test('no kind reads a whole table where it could use an index', async () => {
  const client = await here.pool.connect();
  onTestFinished(() => client.release(true));
  await client.query('set enable_seqscan = off');
  for (const kind of here.core.overdue) {
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `explain ${statementOf(kind)}`,
      kind.until ? [kind.until(here.clock.now())] : [],
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    // The marks of the clock are a row a shard.
    if (kind.name !== 'scheduler_stands_still') expect(plan).toMatch(/Scan (using|on) (loans|orders|millrace_jobs)_/);
    expect(plan).not.toMatch(/Seq Scan on (?!_private_tasks|clock_marks)/);
  }
});

describe('what waits for a reason that is known is explained, and not counted', () => {
  const explanations = async (limits?: ClockLimits): Promise<Record<string, string | null>> => {
    const { checks } = await look(limits);
    return Object.fromEntries(checks.filter(({ count }) => count > 0).map(({ name, explained }) => [name, explained]));
  };

  beforeAll(async () => {
    await openLoan(here, await here.user({ money: '0' }), '100.00');
    const params = { asset: 'USD', amount: '1.00' };
    await here.core.intake.submit(await here.user(), { kind: 'withdraw', params });
    here.clock.advance(31 * DAY_MS);
  });

  test('while the clock is not believed, of what time makes due; withdrawals go on', async () => {
    const limits = clockLimitsOf({ clockGapMaxDays: 7, clockDifferenceMaxSeconds: 300 });
    expect(await explanations(limits)).toMatchObject({
      loans_past_deadline:
        'the clock is not believed: it waits until that is right again, or an operator confirms the time',
      withdrawals_not_sent: null,
    });
    const { count, explained } = await look(limits);
    expect(count + explained).toBe((await look()).count);
    expect(explained).toBeGreaterThan(0);
  });

  test('from the first sign of life after a rest until a run has found nothing left', async () => {
    const guard = createClockGuard({
      pool: here.pool,
      clock: here.clock,
      log: createLog('silent'),
      ownShards: [0],
      ...ANY_CLOCK,
    });
    const catchingUp = async (): Promise<boolean> =>
      (await explanations())['loans_past_deadline']?.startsWith('made up for after a stop') ?? false;
    await guard.whyHeld();
    here.clock.advance(5 * MINUTE_MS);
    await guard.whyHeld();
    expect(await catchingUp()).toBe(false);
    here.clock.advance(5 * MINUTE_MS + 1);
    await guard.whyHeld();
    expect(await catchingUp()).toBe(true);
    expect(await explanations()).toMatchObject({ withdrawals_not_sent: null });
    await guard.submitted({ isPartial: true });
    await guard.whyHeld();
    expect(await catchingUp()).toBe(true);
    await guard.submitted({});
    expect(await catchingUp()).toBe(false);
    await guard.submitted({ isPartial: true });
    expect(await catchingUp()).toBe(true);
    await guard.submitted({});
    // The core's own guard does not believe the world's clock: by that nothing is noted.
    await here.core.scheduler.runDue();
    expect(await catchingUp()).toBe(false);
    // Nor is believed what a clock has noted that was ahead.
    await here.pool.query('update clock_marks set catching_up_since = $1', [new Date(here.clock.now() + MINUTE_MS)]);
    expect(await catchingUp()).toBe(false);
    here.clock.advance(MINUTE_MS);
    expect(await catchingUp()).toBe(true);
  });

  test('where no server is at work, of everything', async () => {
    isStopped = true;
    await here.core.stop();
    expect(new Set(Object.values(await explanations()))).toEqual(
      new Set(['no server is at work: it is done after the next start']),
    );
    expect(await look()).toMatchObject({ count: 0 });
  });

  test('on a database that no server has opened, nothing is', async () => {
    await here.pool.query('drop schema graphile_worker cascade');
    const report = await readOverdue({
      pool: here.pool,
      clock: systemClock,
      kinds: here.core.overdue,
      clockLimits: ANY_CLOCK,
    });
    expect(report.checks.find(({ name }) => name === 'jobs_failing')).toMatchObject({ count: 0 });
  });
});
