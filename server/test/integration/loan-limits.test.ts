import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AMOUNT_UNITS_MAX } from '@millrace/client/reading';
import { AMOUNT_MINOR_MAX } from '../../src/core/money.ts';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';

const DAY_MS = 86_400_000;

let rest: TestRest;
let borrower: TestUser;
let operator: TestUser;

beforeAll(async () => {
  rest = await startTestRest();
  borrower = await rest.person('investor');
  operator = await rest.person('operator');
});
afterAll(() => rest?.stop());

const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

async function open(more: object) {
  const body = {
    borrower_id: borrower.id,
    purpose: 'A mill',
    amount: '1000.00',
    apr: '0.0725',
    term_months: 12,
    grade: 'B',
    funding_deadline: inDays(30),
    ...more,
  };
  const answer = await rest.call('POST', '/v1/loans', { as: operator, body });
  const { errors = [], detail } = answer.json();
  return { status: answer.statusCode, pointer: errors[0]?.pointer, detail, words: `${detail} ${errors[0]?.detail}` };
}

describe('terms that nobody means are refused, with the value and the limit', () => {
  test.each([
    [{ apr: '7.25' }, 400, '/apr', /725 % a year.*100 %.*"0\.0725"/],
    [{ apr: '1.000001' }, 400, '/apr', /100\.0001 %/],
    [{ amount: '1000000000.01' }, 422, '/amount', /1000000000\.01 USD.*1000000000\.00/],
    [{ funding_deadline: '9999-12-31T23:59:59Z' }, 400, '/funding_deadline', /more than 1827 days away/],
    [{ funding_deadline: '9999-12-31T23:59:59-23:59' }, 400, '/funding_deadline', /more than 1827 days away/],
    [{ funding_deadline: '2027-02-30T00:00:00Z' }, 400, '/funding_deadline', /date-time/],
  ])('%o', async (terms, status, pointer, words) => {
    const answer = await open(terms);
    expect(answer).toMatchObject({ status, pointer });
    expect(answer.words).toMatch(words);
  });

  test.each([
    { apr: '1' },
    { amount: '1000000000' },
    { amount: '100000', term_months: 480 },
    { funding_deadline: inDays(1_826) },
  ])('up to the limit they are taken: %o', async (terms) => {
    expect((await open(terms)).status).toBe(201);
  });
});

describe('a last payment that roundings make a balloon', () => {
  test.each([
    // 1.00 a month for decades at 36 %: the cent that is rounded away each month grows to more than the loan.
    [{ amount: '33.34', apr: '0.36', term_months: 240 }],
    [{ amount: '100.00', apr: '0.36', term_months: 480 }],
    [{ amount: '4.80', apr: '0.5', term_months: 480 }],
  ])('%o is refused where it is more than a regular payment', async (terms) => {
    const answer = await open(terms);
    expect(answer).toMatchObject({ status: 400, pointer: '/term_months' });
    expect(answer.words).toMatch(/would leave a last one of \d+\.\d\d/);
  });

  test.each([
    { amount: '100.00', apr: '0.36', term_months: 12 },
    { amount: '100000.00', apr: '0.36', term_months: 120 },
    { amount: '4.80', apr: '0', term_months: 480 },
    { amount: '250000.00', apr: '0.045', term_months: 480 },
  ])('%o is taken: cents only', async (terms) => {
    expect((await open(terms)).status).toBe(201);
  });
});

test('the installation tells the limits, so that forms can say them first', async () => {
  const { loan_limits } = (await rest.call('GET', '/v1/installation')).json();
  expect(loan_limits).toEqual({
    amount_max: '1000000000',
    rate_max: '1',
    term_months_max: 480,
    funding_days_max: 1_827,
  });
});

test('the readers of forms and files take what the server takes', () => {
  expect(AMOUNT_UNITS_MAX).toBe(AMOUNT_MINOR_MAX);
});
