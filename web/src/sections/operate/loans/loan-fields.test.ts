import { expect, test } from 'vitest';
import { checkFields, fieldOf, type LoanFields, readPercent } from './loan-fields.ts';

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
const check = (fields: Partial<LoanFields>) => checkFields({ ...good, ...fields }, { scale: 2, now });

test('a percentage becomes the decimal that the API has, exactly', () => {
  expect(readPercent('7.25')).toBe('0.0725');
  expect(readPercent('7,25 %')).toBe('0.0725');
  expect(readPercent('0')).toBe('0');
  expect(readPercent('10')).toBe('0.1');
  expect(readPercent('0.0001')).toBe('0.000001');
  expect(readPercent('150')).toBe('1.5');
  expect(readPercent('100')).toBe('1');
  for (const wrong of ['', '-1', '1.23456', 'seven', '1e2']) expect(readPercent(wrong)).toBeUndefined();
});

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
  ['apr', { apr: '7.25 %' }],
  ['apr', { apr: '' }],
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

test('a deadline without a zone is one of UTC, wherever the list is read', () => {
  const zone = process.env['TZ'];
  process.env['TZ'] = 'America/New_York';
  try {
    const read = (funding_deadline: string) => check({ funding_deadline }).terms?.funding_deadline;
    expect(read('2026-12-31T18:00')).toBe('2026-12-31T18:00:00.000Z');
    expect(read('2026-12-31 18:00:30')).toBe('2026-12-31T18:00:30.000Z');
    expect(read('2026-12-31')).toBe('2026-12-31T00:00:00.000Z');
    expect(read('2026-12-31T18:00+01:00')).toBe('2026-12-31T17:00:00.000Z');
    for (const unclear of ['12/31/2026', 'Dec 31 2026', '2026-13-01']) expect(read(unclear)).toBeUndefined();
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
