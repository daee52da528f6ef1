import { expect, test } from 'vitest';
import { checkFields, type CheckOptions, fieldOf, type LoanFields } from './loan-fields.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const good: LoanFields = {
  borrower: 'usr_1',
  purpose: ' Solar roof ',
  amount: '12,500',
  apr: '0.0725',
  term_months: '24',
  grade: 'b',
  funding_deadline: '2026-12-31',
};
const options: CheckOptions = {
  currency: { asset: 'USD', scale: 2 },
  limits: { amount_max: '1000000', rate_max: '1', term_months_max: 480, funding_days_max: 1_827 },
  now,
  rates: 'fraction',
  zone: 'UTC',
};
const check = (fields: Partial<LoanFields>) => checkFields({ ...good, ...fields }, options);

test('what was written down becomes what is sent', () => {
  expect(check({})).toEqual({
    errors: {},
    terms: {
      purpose: 'Solar roof',
      amount: '12500.00',
      apr: '0.0725',
      term_months: 24,
      grade: 'B',
      funding_deadline: '2026-12-31T00:00:00.000Z',
    },
  });
});

test.each([
  ['borrower', { borrower: ' ' }],
  ['purpose', { purpose: '' }],
  ['purpose', { purpose: 'x'.repeat(201) }],
  ['amount', { amount: '0' }],
  ['amount', { amount: '1.234' }],
  ['amount', { amount: '0,500' }],
  ['amount', { amount: '1000000.01' }],
  ['amount', { amount: '0.20' }],
  ['apr', { apr: '7.25' }],
  ['apr', { apr: '101%' }],
  ['apr', { apr: '' }],
  ['purpose', { purpose: '\u200B' }],
  ['term_months', { amount: '100', apr: '0.36', term_months: '480' }],
  ['funding_deadline', { funding_deadline: '2027-02-30' }],
  ['funding_deadline', { funding_deadline: '2099-01-31' }],
  ['funding_deadline', { funding_deadline: '010000-01-01' }],
  ['term_months', { term_months: '0' }],
  ['term_months', { term_months: '481' }],
  ['term_months', { term_months: '1.5' }],
  ['grade', { grade: 'H' }],
  ['funding_deadline', { funding_deadline: 'soon' }],
  ['funding_deadline', { funding_deadline: '2026-11-20' }],
] as const)('a wrong %s is said to be wrong, and only that', (name, change) => {
  const { errors, terms } = check(change);
  expect(Object.keys(errors)).toEqual([name]);
  expect(terms).toBeUndefined();
});

test('in a form a rate is in percent, and a deadline in the reader’s own time', () => {
  const zone = process.env['TZ'];
  process.env['TZ'] = 'America/New_York';
  try {
    const fields = { ...good, apr: '7.25', funding_deadline: '2026-12-31T18:00' };
    const { terms } = checkFields(fields, { ...options, rates: 'percent', zone: 'local' });
    expect(terms).toMatchObject({ apr: '0.0725', funding_deadline: '2026-12-31T23:00:00.000Z' });
    expect(check({ funding_deadline: '2026-12-31T18:00' }).terms?.funding_deadline).toBe('2026-12-31T18:00:00.000Z');
  } finally {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
});

test('a pointer of the server’s finds its field', () => {
  expect(fieldOf('/borrower_id')).toBe('borrower');
  expect(fieldOf('/apr')).toBe('apr');
  expect(fieldOf('')).toBeUndefined();
});
