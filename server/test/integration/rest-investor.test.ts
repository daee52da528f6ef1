import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';

let rest: TestRest;
let anna: TestUser;
let ben: TestUser;
let loan: string;

const place = async (as: TestUser, body: object): Promise<void> => {
  const answer = await rest.call('POST', '/v1/orders', { as, body });
  expect(answer.json()).toMatchObject({ status: 'completed' });
};

beforeAll(async () => {
  rest = await startTestRest();
  [anna, ben] = [await rest.person('investor', '900.00'), await rest.person('investor', '900.00')];
  const operator = await rest.person('operator');
  const borrower = await rest.person();
  const body = {
    borrower_id: borrower.id,
    purpose: 'A roof',
    amount: '500.00',
    apr: '0.06',
    term_months: 12,
    grade: 'A',
    funding_deadline: new Date(Date.now() + 86_400_000).toISOString(),
  };
  loan = (await rest.call('POST', '/v1/loans', { as: operator, body })).json().id;
  await place(anna, { kind: 'fund_loan', loan_id: loan, amount: '100.00' });
  await place(ben, { kind: 'fund_loan', loan_id: loan, amount: '200.00' });
});
afterAll(() => rest.stop());

const get = (url: string, as: TestUser) => rest.call('GET', url, { as });

test('portfolio and holdings are one’s own', async () => {
  const [mine, his] = await Promise.all([anna, ben].map(async (as) => (await get('/v1/portfolio', as)).json()));
  expect([mine, his]).toMatchObject([
    { asset: 'USD', cash: '800.00', held: '0.00', committed: '100.00', outstanding: '100.00', holdings_count: 1 },
    { cash: '700.00', committed: '200.00' },
  ]);
  const { data } = (await get('/v1/portfolio/holdings?status=open&sort=invested&limit=5', anna)).json();
  expect(data).toMatchObject([{ loan_id: loan, invested: '100.00', share: '0.2000', status: 'open', next_due: null }]);
  expect((await get('/v1/portfolio/holdings?status=late', anna)).json()).toMatchObject({ data: [], has_more: false });
});

test('fundings name nobody, and the projection is the caller’s', async () => {
  const { data } = (await get(`/v1/loans/${loan}/fundings`, anna)).json();
  expect(data).toMatchObject([
    { amount: '200.00', investor: 'Investor 2', own: false },
    { amount: '100.00', investor: 'you', alias: 'Investor 1', own: true },
  ]);
  expect(JSON.stringify(data)).not.toContain('usr_');
  expect((await get(`/v1/loans/${loan}/projection?amount=200.00`, anna)).json()).toMatchObject({
    exact: true,
    amount: '200.00',
    invested_before: '100.00',
  });
});

test.each([
  ['/v1/loans/LOAN/projection', 400, 'invalid_request'],
  ['/v1/loans/LOAN/projection?amount=-1', 400, 'invalid_request'],
  ['/v1/loans/LOAN/projection?amount=200.01', 422, 'invalid_amount'],
  ['/v1/loans/loan_00000000-0000-7000-8000-000000000000/projection?amount=1', 404, 'not_found'],
  ['/v1/loans/loan_00000000-0000-7000-8000-000000000000/fundings', 404, 'not_found'],
  ['/v1/loans/LOAN/fundings?cursor=abc', 400, 'invalid_cursor'],
  ['/v1/loans/LOAN/fundings?limit=0', 400, 'invalid_request'],
  ['/v1/portfolio?asset=NONE', 400, 'invalid_request'],
  ['/v1/portfolio?user_id=usr_x', 400, 'invalid_request'],
  ['/v1/portfolio/holdings?cursor=abc', 400, 'invalid_cursor'],
  ['/v1/portfolio/holdings?sort=purpose', 400, 'invalid_request'],
  ['/v1/loans?search=%00', 400, 'invalid_request'],
  ['/v1/loans?search=%0a', 400, 'invalid_request'],
  ['/v1/loans?search=%C2%85', 400, 'invalid_request'],
  [`/v1/loans?search=${'x'.repeat(101)}`, 400, 'invalid_request'],
  ['/v1/loans?search=', 400, 'invalid_request'],
  ['/v1/loans?rate_min=1e3', 400, 'invalid_request'],
  ['/v1/loans?term_max=481', 400, 'invalid_request'],
] as const)('%s is refused with %i %s', async (url, status, code) => {
  const answer = await get(url.replace('LOAN', loan), anna);
  expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
});

test('a statement is filtered by what the registry knows, and by nothing else', async () => {
  const { data } = (await get('/v1/accounts', anna)).json();
  const { id } = data.find((account: { purpose: string }) => account.purpose === 'cash');
  const lines = async (query: string) => (await get(`/v1/accounts/${id}/transfers?${query}`, anna)).json().data;
  expect(await lines('reason=loan_funding')).toMatchObject([{ reason: 'loan_funding', direction: 'debit' }]);
  expect(await lines('direction=credit')).toMatchObject([{ reason: 'deposit', amount: '900.00' }]);
  expect((await get(`/v1/accounts/${id}/transfers?reason=theft`, anna)).statusCode).toBe(400);
  expect((await get(`/v1/accounts/${id}/transfers?direction=credit`, ben)).statusCode).toBe(404);
});

test('a search finds the loan, and the filters of the list reach it', async () => {
  const found = async (query: string): Promise<number> => (await get(`/v1/loans?${query}`, ben)).json().data.length;
  expect(await found('search=ROOF&sort=progress&term_max=12&rate_min=0.06')).toBe(1);
  expect(await found(`search=${loan.slice(0, 20)}`)).toBe(1);
  expect(await found('search=roof&rate_min=0.061')).toBe(0);
});
