import type { HoldingView } from '@millrace/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { cashOf as cashKey } from '../../src/ledger/index.ts';
import { MOVEMENTS } from '../../src/desks/lending/portfolio/movements.ts';
import { createSumsReader } from '../../src/reporting/account-sums.ts';
import { openLoan } from '../support/ledger.ts';
import { DAY_MS, type LendingWorld, startLendingWorld } from '../support/lending-world.ts';

let here: LendingWorld;
beforeAll(async () => {
  here = await startLendingWorld();
});
afterAll(() => here.stop());

async function holdingsOf(user: Caller, options: object = {}): Promise<HoldingView[]> {
  const answer = await here.core.ask('listHoldings', user, { query: { limit: 200, ...options } });
  if (!answer.ok) throw new Error(answer.problem.detail);
  return answer.value.data;
}

describe('the movements of an account', () => {
  test('are the same in whatever pieces they are read, and a long history takes more than one call', async () => {
    const [borrower, anna] = [await here.user(), await here.user()];
    const loan = await openLoan(here, borrower, '500.00');
    for (let i = 0; i < 11; i += 1) await here.fund(anna, loan, '10.00');
    const id = here.core.accountIds(cashKey(anna.userId, 'USD'));
    const { pool } = here;
    const { projection } = here.core;
    const inPieces = createSumsReader({ ...MOVEMENTS, pool, projection, chunkSize: 2, linesMax: 7 });
    const first = await inPieces.read(id);
    expect(first).toMatchObject({ ok: false, problem: { code: 'not_ready' } });
    const whole = await inPieces.read(id);
    expect(whole).toEqual(await createSumsReader({ ...MOVEMENTS, pool, projection }).read(id));
    expect(whole).toMatchObject({ ok: true });
    if (whole.ok) expect([...whole.value.subjects.values()].map(({ funded }) => funded)).toEqual([11_000n]);
  });

  test('are not taken for whole while the index is rebuilt', async () => {
    const [borrower, anna] = [await here.user(), await here.user()];
    await here.fund(anna, await openLoan(here, borrower, '500.00'), '10.00');
    const id = here.core.accountIds(cashKey(anna.userId, 'USD'));
    const caughtUp = await here.core.projection.catchUp();
    // Says that everything is indexed when nothing is any more.
    const projection = { ...here.core.projection, catchUp: async () => caughtUp };
    const reader = createSumsReader({ ...MOVEMENTS, pool: here.pool, projection });
    const { rows } = await here.pool.query("delete from consumers where name = 'index' returning *");
    expect(await reader.read(id)).toMatchObject({ problem: { code: 'not_ready' } });
    for (const row of rows) {
      await here.pool.query('insert into consumers (name, shard, event_seq, transfer_seq) values ($1, $2, $3, $4)', [
        row.name,
        row.shard,
        row.event_seq,
        row.transfer_seq,
      ]);
    }
    expect(await reader.read(id)).toMatchObject({ ok: true });
  });

  test('of accounts in which nothing moved are forgotten like others', async () => {
    let asked = 0;
    const pool = here.pool;
    const counting = {
      query(...parameters: Parameters<typeof pool.query>): unknown {
        asked += 1;
        return pool.query(...parameters);
      },
    };
    const reader = createSumsReader({
      ...MOVEMENTS,
      pool: counting as unknown as typeof pool,
      projection: here.core.projection,
      // Room for two accounts without a loan.
      keptMax: 40,
    });
    const ids = [await here.user(), await here.user(), await here.user()].map(({ userId }) =>
      here.core.accountIds(cashKey(userId, 'USD')),
    );
    for (const id of ids) await reader.read(id);
    const before = asked;
    await reader.read(ids[2] as string);
    expect(asked).toBe(before);
    await reader.read(ids[0] as string);
    expect(asked).toBeGreaterThan(before);
  });
});

describe('holdings', () => {
  test('come in pages by every sort, which together are the list', async () => {
    const [borrower, anna] = [await here.user(), await here.user()];
    for (const amount of ['100.00', '100.00', '300.00', '200.00', '100.00']) {
      here.clock.advance(DAY_MS);
      await here.fund(anna, await openLoan(here, borrower, amount), amount === '300.00' ? '50.00' : '100.00');
    }
    for (const sort of ['newest', 'invested', 'outstanding', 'interest', 'rate', 'next_due'] as const) {
      const all = await holdingsOf(anna, { sort });
      const paged: HoldingView[] = [];
      let cursor: string | null | undefined;
      while (cursor !== null) {
        const page = await here.core.ask('listHoldings', anna, {
          query: { limit: 2, sort, ...(cursor && { cursor }) },
        });
        if (!page.ok) throw new Error(page.problem.detail);
        paged.push(...page.value.data);
        cursor = page.value.next_cursor;
      }
      expect(paged).toEqual(all);
      expect(new Set(all.map(({ loan_id }) => loan_id)).size).toBe(5);
    }
    expect((await holdingsOf(anna, { sort: 'invested' })).at(-1)).toMatchObject({ invested: '50.00', status: 'open' });
    expect((await holdingsOf(anna, { sort: 'next_due' })).map(({ next_due }) => next_due === null)).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  test('take no cursor of another list, nor one that was made up', async () => {
    const [borrower, anna] = [await here.user(), await here.user()];
    for (let i = 0; i < 2; i += 1) await here.fund(anna, await openLoan(here, borrower, '100.00'), '1.00');
    const first = await here.core.ask('listHoldings', anna, { query: { limit: 1, sort: 'rate' } });
    if (!first.ok) throw new Error(first.problem.detail);
    const made = (text: string): string => Buffer.from(text).toString('base64url');
    const id = '00000000-0000-7000-8000-000000000000';
    const invested = await here.core.ask('listHoldings', anna, { query: { limit: 1, sort: 'invested' } });
    if (!invested.ok) throw new Error(invested.problem.detail);
    for (const [sort, cursor] of [
      ['newest', first.value.next_cursor!],
      ['outstanding', invested.value.next_cursor!],
      ['rate', 'x'],
      ['rate', made(`holdings/USD/rate//0.1/${id}`)],
      ['next_due', made(`holdings/USD/next_due/|99999999/${id}`)],
      ['invested', made(`holdings/USD/invested/|1' or true/${id}`)],
    ] as const)
      expect(await here.core.ask('listHoldings', anna, { query: { limit: 1, sort, cursor } })).toMatchObject({
        problem: { code: 'invalid_cursor' },
      });
  });
});
