import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dateOf } from '../../src/core/clock.ts';
import { uuidOfName } from '../../src/core/ids.ts';
import { createPool } from '../../src/db/pool.ts';
import { column, defineTable, dueOf, dueRows, pageOfTable, readRow, type RowOf } from '../../src/desks/kit/index.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

const jobs = defineTable({
  name: 'test_jobs',
  key: ['id'],
  columns: {
    id: column.uuid(),
    owner: column.text(),
    name: column.text(),
    madeAt: column.time(),
    endsAt: column.time(),
    payOn: column.date().nullable(),
    amount: column.bigint(),
  },
});
type Job = RowOf<typeof jobs>;

const DAY_MS = 86_400_000;
const NOON = Date.UTC(2026, 4, 10, 12);
const id = (index: number): string => uuidOfName(`job ${index}`);
/** Two of each time; every third is Ben's. */
const ALL = Array.from({ length: 9 }, (_, index) => ({
  id: id(index),
  owner: index % 3 === 2 ? 'Ben' : 'Ann',
  name: ['a,b', 'a%2Cb', 'ä', 'Z', '%', '"', "'", 'a', ''][index] as string,
  madeAt: NOON + Math.floor(index / 2),
  endsAt: NOON - (index - 4) * DAY_MS,
  payOn: index < 3 ? `2026-05-0${index + 8}` : null,
  amount: BigInt(index),
}));

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = createPool(database.connection);
  await pool.query(`create table test_jobs (id uuid primary key, owner text not null, name text not null collate "C",
    made_at timestamptz not null, ends_at timestamptz not null, pay_on date, amount bigint not null)`);
  for (const row of ALL)
    await pool.query('insert into test_jobs values ($1, $2, $3, $4, $5, $6, $7)', [
      row.id,
      row.owner,
      row.name,
      new Date(row.madeAt),
      new Date(row.endsAt),
      row.payOn,
      row.amount,
    ]);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const byId = (a: Job, b: Job): number => (a.id < b.id ? -1 : 1);

describe('pages of a table', () => {
  const newest = pageOfTable(jobs, { list: 'newest', by: ['madeAt', 'id'], where: 't.owner = $1' });
  const byName = pageOfTable(jobs, { list: 'names', by: ['name'], direction: 'asc', where: 'true' });

  async function walk(list: typeof newest, values: readonly unknown[], limit: number): Promise<string[]> {
    const found: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await list(pool, { limit, cursor }, { values, view: (row) => row.id });
      if (!page.ok) throw new Error(page.problem.code);
      expect(page.value.data.length).toBeLessThanOrEqual(limit);
      found.push(...page.value.data);
      if (page.value.next_cursor === null) return found;
      cursor = page.value.next_cursor;
    }
  }

  test.each([1, 2, 50])('have each of the owner’s rows once, newest first, %i on a page', async (limit) => {
    const own = ALL.filter(({ owner }) => owner === 'Ann').sort((a, b) => b.madeAt - a.madeAt || byId(b, a));
    expect(await walk(newest, ['Ann'], limit)).toEqual(own.map((row) => row.id));
  });

  test('go on behind any text', async () => {
    const ordered = ALL.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
    expect(await walk(byName, [], 1)).toEqual(ordered.map((row) => row.id));
  });

  test.each([['names,a%00b'], ['names,%E4'], ['names,a,b'], ['newest,a']])(
    'know none of their cursors in %j',
    async (text) => {
      const cursor = Buffer.from(text).toString('base64url');
      const page = await byName(pool, { limit: 1, cursor }, { values: [], view: (row) => row.id });
      expect(page).toMatchObject({ ok: false, problem: { code: 'invalid_cursor' } });
    },
  );

  test('are by what a cursor can hold', () => {
    const by = (field: 'payOn' | 'amount') => pageOfTable(jobs, { list: 'x', by: [field], where: 'true' });
    expect(() => by('payOn')).toThrow('cannot be listed by pay_on');
    expect(() => by('amount')).toThrow('cannot be listed by amount');
  });

  test('and one row by its key', async () => {
    expect(await readRow(pool, jobs, id(1))).toEqual(ALL[1]);
    expect(await readRow(pool, jobs, uuidOfName('none'))).toBeUndefined();
  });
});

describe('what time makes due', () => {
  const { source, overdue } = dueOf(
    dueRows({
      kind: 'expire_loan',
      table: jobs,
      where: "owner = 'Ann' or owner = 'Ben'",
      by: 'endsAt',
      name: (row) => `end/${row.id}`,
      params: ({ name }) => ({ name }),
      overdue: { name: 'loans_past_deadline', subject: 'loan', detail: "'is late'" },
    }),
    dueRows({
      kind: 'default_loan',
      table: jobs,
      where: 'pay_on is not null',
      by: 'payOn',
      days: 1,
      name: (row) => `pay/${row.id}`,
      params: () => ({}),
      weight: ({ amount }) => Number(amount),
      overdue: { name: 'loans_not_defaulted', subject: 'loan', detail: "'is unpaid'" },
    }),
  );
  const today = dateOf(NOON);
  // Of the earliest time first; those of the second stage from the day after their date.
  const ended = [8, 7, 6, 5, 4].map((index) => `end/${id(index)}/${today}`);
  const named = [...ended, `pay/${id(0)}/${today}`, `pay/${id(1)}/${today}`];

  test('is named stage by stage, in the order of its time, from page to page', async () => {
    const due = await source(pool).due(NOON, 50);
    expect(due.map(({ name }) => name)).toEqual(named);
    expect(due.at(-1)).toMatchObject({ kind: 'default_loan', params: {}, weight: 1 });
    expect(due[0]).toMatchObject({ kind: 'expire_loan', params: { name: '' }, weight: 1 });
    for (const limit of [1, 2, 5, 6]) {
      const names: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = await source(pool).due(NOON, limit, after);
        names.push(...page.map(({ name }) => name));
        if (page.length < limit) break;
        after = page.at(-1)?.place;
      }
      expect(names).toEqual(named);
    }
  });

  test('is counted by the same condition, up to a limit', async () => {
    const counts = [50, 6, 3].map((limit) => source(pool).count(NOON, limit));
    expect(await Promise.all(counts)).toEqual([7, 6, 3]);
  });

  test('is overdue a while later, since when it was due', async () => {
    const found = await Promise.all(
      overdue.map(async ({ sql, until, graceMs }) => {
        const { rows } = await pool.query(sql, [until?.(NOON - graceMs)]);
        return rows.map(({ subject, since, detail }) => [subject, (since as Date).toISOString(), detail]);
      }),
    );
    // The one that ended this moment is on its way.
    expect(found[0]?.map(([subject]) => subject)).toEqual([8, 7, 6, 5].map((index) => `loan_${id(index)}`));
    expect(found[1]).toEqual([
      [`loan_${id(0)}`, '2026-05-09T00:00:00.000Z', 'is unpaid'],
      [`loan_${id(1)}`, '2026-05-10T00:00:00.000Z', 'is unpaid'],
    ]);
  });

  test('is by a time or a date', () => {
    const rows = { kind: 'expire_loan', table: jobs, where: 'true', name: () => '', params: () => ({}) } as const;
    const said = { name: 'loans_past_deadline', subject: 'loan', detail: "''" } as const;
    expect(() => dueRows({ ...rows, by: 'amount', overdue: said })).toThrow('neither a time nor a date');
  });
});
