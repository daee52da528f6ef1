import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';

/** JSON texts of amounts that are accepted, and what they must be worth, exactly. */
const ACCEPTED: readonly (readonly [string, string])[] = [
  ['"25.00"', '25.00'],
  ['"25"', '25.00'],
  ['"25.5"', '25.50'],
  ['"25.0000"', '25.00'],
  ['"0.01"', '0.01'],
  ['"007.50"', '7.50'],
  ['"1000000000.00"', '1000000000.00'],
  ['25', '25.00'],
  ['25.1', '25.10'],
  ['0.07', '0.07'],
  ['1e3', '1000.00'],
  ['1E+2', '100.00'],
  ['2.5e-1', '0.25'],
  ['25.000', '25.00'],
  ['999999999.99', '999999999.99'],
];

const ZERO_AND_LESS = ['"0"', '"0.00"', '0', '-0', '0.0', '-1', '-0.01', '"-1"', '"-0"'];
const TOO_PRECISE = ['"0.001"', '0.001', '"25.005"', '25.005', '1e-3', '"0.123456789012345678901234567890"'];
const TOO_LARGE = [
  '"1000000000000000.01"',
  '9007199254740991',
  '"99999999999999999999"',
  '"123456789012345678901234567890"',
];
/** Numbers that no double holds. */
const NOT_EXACT = [
  '9007199254740993',
  '9007199254740992.5',
  '25.000000000000000001',
  '1e400',
  '-1e400',
  '1e-400',
  '123456789012345678901234567890',
];
const OTHER_NOTATIONS = [
  '"1e3"',
  '"1E3"',
  '"NaN"',
  '"Infinity"',
  '"0x10"',
  '"1,000"',
  '"1_000"',
  '"+1"',
  '"25."',
  '".5"',
  '"."',
  '""',
  '" "',
  '" 25"',
  '"25 "',
  '"25\\n"',
  '"2 5"',
  '"25\\u0000"',
  '"٢٥"',
  '"２５"',
  '"25,00"',
  '"25.00.00"',
  '"$25"',
  '"½"',
];
const NO_JSON = ['NaN', 'Infinity', '+1', '.5', '25.', '0x10', '1_000', '01', "'25'", 'undefined', ''];
const OTHER_TYPES = ['null', 'true', '[]', '["25"]', '{}', '{"amount":"25"}', '[25]'];

/** JSON texts of amounts that must be refused. */
const REFUSED = [ZERO_AND_LESS, TOO_PRECISE, TOO_LARGE, NOT_EXACT, OTHER_NOTATIONS, NO_JSON, OTHER_TYPES].flat();

let rest: TestRest;
let user: TestUser;
let loanId: string;

beforeAll(async () => {
  rest = await startTestRest();
  user = await rest.person('investor', '5000.00');
  const borrower = await rest.person();
  const answer = await rest.core.intake.submitInternal('create_loan', 'hostile', {
    borrower_id: borrower.id,
    purpose: 'x',
    amount: '100000000',
    apr: '0.05',
    term_months: 6,
    grade: 'A',
    funding_deadline: new Date(Date.now() + 86_400_000).toISOString(),
  });
  loanId = answer.ok ? (answer.order.result['loan_id'] as string) : '';
});
afterAll(() => rest?.stop());

function send(url: string, payload: string) {
  const headers = { authorization: `Bearer ${user.token}`, 'content-type': 'application/json' };
  return rest.app.inject({ method: 'POST', url, headers, payload });
}

/** The user's cash in cents. */
async function cash(): Promise<bigint> {
  const { data } = (await rest.call('GET', '/v1/accounts', { as: user })).json();
  const { balance } = data.find(({ purpose }: { purpose: string }) => purpose === 'cash');
  return BigInt(balance.replace('.', ''));
}

describe('an amount that is accepted', () => {
  it.each(ACCEPTED)('%s is worth %s, to the cent', async (text, worth) => {
    const before = await cash();
    const answer = await send('/v1/orders', `{"kind":"deposit","asset":"USD","amount":${text}}`);
    expect(answer.json()).toMatchObject({ status: 'completed' });
    expect((await cash()) - before).toBe(BigInt(worth.replace('.', '')));
  });
});

describe('an amount that is refused', () => {
  const orders: readonly (readonly [string, (amount: string) => string])[] = [
    ['deposit', (amount) => `{"kind":"deposit","asset":"USD","amount":${amount}}`],
    ['withdraw', (amount) => `{"kind":"withdraw","asset":"USD","amount":${amount}}`],
    ['transfer', (amount) => `{"kind":"transfer","to_user":"${user.id}","asset":"USD","amount":${amount}}`],
    ['fund_loan', (amount) => `{"kind":"fund_loan","loan_id":"${loanId}","amount":${amount}}`],
    ['pay', (amount) => `{"kind":"pay","merchant":"shop","item":"tea","quantity":1,"price":${amount}}`],
  ];

  it.each(REFUSED)('%s is refused by every kind, in a preview and in a batch', async (text) => {
    const before = await cash();
    for (const [kind, bodyOf] of orders) {
      const body = bodyOf(text);
      const single = await send('/v1/orders', body);
      const preview = await send('/v1/orders/preview', body);
      const batch = await send('/v1/orders/batch', `{"orders":[${body}]}`);
      const ofBatch = batch.statusCode === 200 ? batch.json().results[0].status : batch.statusCode;
      for (const status of [single.statusCode, preview.statusCode, ofBatch]) {
        expect({ kind, status }).toEqual({ kind, status: status === 422 ? 422 : 400 });
      }
      expect(single.headers['content-type']).toContain('application/problem+json');
    }
    expect(await cash()).toBe(before);
  });
});

describe('a number of two megabytes', () => {
  it.each([
    ['zeros', (length: number) => `1.${'0'.repeat(length)}`],
    ['an exponent', (length: number) => `1e${'9'.repeat(length)}`],
  ])('of %s is refused in a batch, by everybody who reads JSON', async (_what, numberOf) => {
    const batch = `{"orders":[{"kind":"deposit","asset":"USD","amount":${numberOf(2 * 1024 * 1024 - 1_000)}}]}`;
    expect((await send('/v1/orders/batch', batch)).json()).toMatchObject({ status: 400, code: 'invalid_json' });
    const login = `{"email":"a@test.example","password":${numberOf(60_000)}}`;
    expect((await send('/v1/auth/login', login)).json()).toMatchObject({ status: 400, code: 'invalid_json' });
  });
});
