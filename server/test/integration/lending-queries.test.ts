import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderOf } from '../support/core.ts';
import { openLoan } from '../support/ledger.ts';
import { DAY_MS, type LendingWorld, startLendingWorld, uuidOf } from '../support/lending-world.ts';

let here: LendingWorld;
beforeAll(async () => {
  here = await startLendingWorld();
});
afterAll(() => here.stop());

describe('who sees what', () => {
  test('the borrower is shown to operators and to the borrower; shares only to their owner', async () => {
    const [borrower, anna, other] = [await here.user({ money: '0' }), await here.user(), await here.user()];
    const operator = await here.user({ role: 'operator', money: '0' });
    const loan = await openLoan(here, borrower, '400.00');
    await here.fund(anna, loan, '170.00');
    const seen = await Promise.all([borrower, operator, anna, other].map((caller) => here.detail(caller, loan)));
    const borrowerId = `usr_${borrower.userId}`;
    expect(seen.map(({ borrower_id }) => borrower_id)).toEqual([borrowerId, borrowerId, null, null]);
    expect(seen.map(({ own_share }) => own_share?.invested ?? null)).toEqual([null, null, '170.00', null]);
    expect(seen[3]).toMatchObject({
      funded: '170.00',
      remaining: '230.00',
      progress: '0.4250',
      apr: '0.12',
      projected: true,
      investors: 1,
    });
    const unknown = { params: { id: 'loan_00000000-0000-7000-8000-000000000000' } };
    expect(await here.core.ask('getLoan', anna, unknown)).toMatchObject({ problem: { code: 'not_found' } });
  });

  test.each(['newest', 'deadline', 'rate'] as const)(
    'pages by %s name every loan once, in order, with filters',
    async (sort) => {
      const operator = await here.user({ role: 'operator', money: '0' });
      const purpose = `Pages by ${sort}`;
      for (let i = 0; i < 7; i += 1) {
        const params = {
          borrower_id: `usr_${operator.userId}`,
          purpose,
          amount: '10.00',
          apr: ['0.05', '0.1', '0.075'][i % 3],
          term_months: 1,
          grade: i === 6 ? 'C' : 'B',
          funding_deadline: new Date(here.clock.now() + (1 + (i % 2)) * DAY_MS).toISOString(),
        };
        orderOf(await here.core.intake.submit(operator, { kind: 'create_loan', params }));
        if (i % 3 === 0) here.clock.advance(1);
      }
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await here.core.ask('listLoans', operator, {
          query: { sort, purpose, grade: 'B', status: 'open', asset: 'USD', limit: 2, ...(cursor && { cursor }) },
        });
        if (!page.ok) throw new Error(page.problem.detail);
        expect(page.value.data.length).toBe(2);
        ids.push(...page.value.data.map(({ id }) => id));
        expect(page.value.has_more).toBe(page.value.next_cursor !== null);
        cursor = page.value.next_cursor ?? undefined;
      } while (cursor);
      const whole = await here.core.ask('listLoans', operator, { query: { sort, purpose, grade: 'B' } });
      const loans = whole.ok ? whole.value.data : [];
      expect(ids).toEqual(loans.map(({ id }) => id));
      const keys = loans.map(
        (loan) => ({ newest: loan.created_at, deadline: loan.funding_deadline, rate: loan.apr })[sort],
      );
      const ascending = keys.toSorted();
      expect(keys).toEqual(sort === 'deadline' ? ascending : ascending.toReversed());
    },
  );

  test('a cursor of another list, or none at all, is refused', async () => {
    const someone = await here.user({ money: '0' });
    const id = '00000000-0000-7000-8000-000000000000';
    for (const cursor of [
      'x',
      `rate,0.100000,${id}`,
      `newest,99999999999999999,${id}`,
      `newest,1,${id},2`,
      'newest,1,x',
      '',
    ]) {
      expect(await here.core.ask('listLoans', someone, { query: { cursor } })).toMatchObject({
        ok: false,
        problem: { code: 'invalid_cursor' },
      });
    }
  });
});

test('funding touches no indexed column of a loan, so that a loan in demand is updated within its page', async () => {
  const { rows } = await here.pool.query<{ attname: string }>(
    `select distinct a.attname from pg_index i
     join pg_attribute a on a.attrelid = i.indrelid
     where i.indrelid = 'loans'::regclass and (a.attnum = any(i.indkey) or pg_get_expr(i.indpred, i.indrelid) like '%' || a.attname || '%')`,
  );
  const indexed = rows.map(({ attname }) => attname);
  expect(indexed).toContain('funding_deadline');
  expect(indexed).not.toContain('funded');
  expect(indexed).not.toContain('investor_count');
});

test('each check finds the fault that it is there for', async () => {
  const [borrower, anna] = [await here.user({ money: '0' }), await here.user()];
  const funded = await openLoan(here, borrower, '1000.00');
  await here.fund(anna, funded, '1000.00');
  const open = await openLoan(here, borrower, '1000.00');
  await here.fund(await here.user(), open, '10.00');
  const faults: Record<string, [sql: string, loan: string]> = {
    lending_escrow: [`update accounts set balance = balance + 1 where owner_id = $1 and purpose = 'escrow'`, open],
    lending_stakes: ['update loan_stakes set number = number + 1 where loan_id = $1', open],
    lending_funded: [`update loans set funded = amount where id = $1`, open],
    lending_notes: [
      `update accounts set balance = balance + 1 where asset = 'loan:' || $1::uuid and purpose = 'notes'`,
      funded,
    ],
    lending_schedule: ['update installments set principal = principal + 1 where loan_id = $1 and number = 3', funded],
  };
  const checks = here.core.checks.filter(({ name }) => name.startsWith('lending_'));
  expect(checks.map(({ name }) => name).toSorted()).toEqual(Object.keys(faults).toSorted());
  const client = await here.pool.connect();
  try {
    for (const { name, sql } of checks) {
      const [fault, loan] = faults[name]!;
      expect((await client.query(sql)).rows).toEqual([]);
      await client.query('begin');
      await client.query(fault, [uuidOf(loan)]);
      expect((await client.query(sql)).rows.map(({ subject }) => subject)).toEqual([uuidOf(loan)]);
      await client.query('rollback');
    }
  } finally {
    client.release();
  }
});
