import type { LoanView } from '@millrace/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LoansQuery } from '@millrace/contract';
import type { Caller } from '../../src/core/caller.ts';
import { orderOf } from '../support/core.ts';
import { type LendingWorld, startLendingWorld } from '../support/lending-world.ts';

let here: LendingWorld;
let anna: Caller;
const ids: Record<string, string> = {};

/** name, purpose, amount, rate, months, funded */
const LOANS = [
  ['roof', 'A new ROOF for the barn', '1000.00', '0.10', 12, '100.00'],
  ['bakery', 'Ovens for 50 % more bread_rolls', '300.00', '0.05', 24, '299.00'],
  ['boat', 'A boat', '1000.00', '0.075', 6, undefined],
  ['barn', 'Straßencafé im barn', '50.00', '0.2', 36, '25.00'],
  ['bus', 'A bus', '700.00', '0.2', 48, '350.00'],
] as const;

beforeAll(async () => {
  here = await startLendingWorld();
  anna = await here.user({ money: '5000.00' });
  const [borrower, operator] = [await here.user(), await here.user({ role: 'operator' })];
  for (const [name, purpose, amount, apr, term_months, funded] of LOANS) {
    here.clock.advance(1_000);
    const params = {
      borrower_id: `usr_${borrower.userId}`,
      purpose,
      amount,
      apr,
      term_months,
      grade: 'B',
      funding_deadline: '2026-12-31T00:00:00Z',
    };
    const order = orderOf(await here.core.intake.submit(operator, { kind: 'create_loan', params }));
    ids[name] = order.result['loan_id'] as string;
    if (funded !== undefined) await here.fund(anna, ids[name], funded);
  }
});
afterAll(() => here.stop());

const nameOf = ({ id }: LoanView): string => Object.keys(ids).find((name) => ids[name] === id) as string;

async function listed(filter: LoansQuery): Promise<string[]> {
  const page = await here.core.ask('listLoans', anna, { query: filter });
  if (!page.ok) throw new Error(page.problem.detail);
  return page.value.data.map(nameOf);
}

describe('searching', () => {
  test.each([
    ['barn', ['barn', 'roof']],
    ['BARN', ['barn', 'roof']],
    ['CAFÉ', ['barn']],
    ['50 %', ['bakery']],
    ['d_r', ['bakery']],
    ['%', ['bakery']],
    ['a.*', []],
    ['\\', []],
    ["'; --", []],
  ])('%s finds the purposes that hold it, in either case, nothing else', async (search, names) => {
    expect(await listed({ search })).toEqual(names);
  });

  test('the beginning of an id finds the loan, with or without its prefix', async () => {
    const id = ids['boat'] as string;
    for (const search of [id, id.toUpperCase().replace('LOAN_', 'loan_'), id.slice(5), id.slice(0, -3)])
      expect(await listed({ search })).toEqual(['boat']);
    expect(await listed({ search: id.slice(5, 9) })).toEqual(['bus', 'barn', 'boat', 'bakery', 'roof']);
    expect(await listed({ search: `${id}0` })).toEqual([]);
  });

  test('goes with filters and other sorts', async () => {
    expect(await listed({ search: 'barn', sort: 'amount' })).toEqual(['roof', 'barn']);
    expect(await listed({ search: 'barn', term_max: 12 })).toEqual(['roof']);
  });
});

test.each([
  [{ sort: 'progress' }, ['bakery', 'bus', 'barn', 'roof', 'boat']],
  [{ sort: 'amount' }, ['boat', 'roof', 'bus', 'bakery', 'barn']],
  [{ sort: 'rate' }, ['bus', 'barn', 'roof', 'boat', 'bakery']],
  [{ term_max: 24 }, ['boat', 'bakery', 'roof']],
  [{ rate_min: '0.1' }, ['bus', 'barn', 'roof']],
  [{ rate_min: '0.1', term_max: 40, sort: 'progress' }, ['barn', 'roof']],
] as const)('%o lists %o, in pages too', async (filter, names) => {
  expect(await listed(filter)).toEqual(names);
  const paged: string[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await here.core.ask('listLoans', anna, { query: { ...filter, limit: 1, ...(cursor && { cursor }) } });
    if (!page.ok) throw new Error(page.problem.detail);
    paged.push(...page.value.data.map(nameOf));
    cursor = page.value.next_cursor;
  }
  expect(paged).toEqual(names);
});

test.each([
  ['progress', 'amount,1,00000000-0000-7000-8000-000000000000'],
  ['progress', 'progress,x,00000000-0000-7000-8000-000000000000'],
  ['progress', 'progress,9999999999999999999,00000000-0000-7000-8000-000000000000'],
  ['amount', 'amount,-1,00000000-0000-7000-8000-000000000000'],
  ['amount', 'amount,1,nothing'],
  ['deadline', 'deadline,8640000000000001,00000000-0000-7000-8000-000000000000'],
  ['deadline', 'deadline,99999999999999999,00000000-0000-7000-8000-000000000000'],
] as const)('a list by %s refuses the cursor %s', async (sort, cursor) => {
  expect(await here.core.ask('listLoans', anna, { query: { sort, cursor } })).toMatchObject({
    problem: { code: 'invalid_cursor' },
  });
});

test('loans are asked for by their ids, all at once; what there is not is left out', async () => {
  const unknown = 'loan_00000000-0000-7000-8000-000000000000';
  const asked = [ids['boat'], unknown, ids['roof'], ids['boat']].join(',');
  const page = await here.core.ask('listLoans', anna, { query: { ids: asked } });
  if (!page.ok) throw new Error(page.problem.detail);
  expect(page.value.data.map(nameOf)).toEqual(['boat', 'roof']);
  expect(page.value.next_cursor).toBeNull();
  expect(await here.core.ask('listLoans', anna, { query: { ids: asked, status: 'repaid' } })).toMatchObject({
    value: { data: [] },
  });
});

test('a list by deadline goes on behind deadlines of any year', async () => {
  // Newer loans cannot have them; those that older versions admitted are still listed.
  const late = { boat: '9999-12-31 23:59:59.999+00', bus: '10000-01-01 00:00:00+00', barn: '12000-06-01 00:00:00+00' };
  for (const [name, deadline] of Object.entries(late)) {
    await here.pool.query('update loans set funding_deadline = $2::timestamptz where id = $1::uuid', [
      (ids[name] as string).slice('loan_'.length),
      deadline,
    ]);
  }
  const names: string[] = [];
  const deadlines: string[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await here.core.ask('listLoans', anna, {
      query: { sort: 'deadline', limit: 1, ...(cursor && { cursor }) },
    });
    if (!page.ok) throw new Error(page.problem.detail);
    names.push(...page.value.data.map(nameOf));
    deadlines.push(...page.value.data.map((loan) => loan.funding_deadline));
    cursor = page.value.next_cursor;
  }
  expect(names.slice(2)).toEqual(['boat', 'bus', 'barn']);
  // The last moment that RFC 3339 can write, not +010000-01-01.
  expect(new Set(deadlines.slice(2))).toEqual(new Set(['9999-12-31T23:59:59.999Z']));
  const one = await here.detail(anna, ids['barn'] as string);
  expect(one.funding_deadline).toBe('9999-12-31T23:59:59.999Z');
});
