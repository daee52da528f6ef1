import { describe, expect, test } from 'vitest';
import {
  type AmountOptions,
  type Reading,
  readAmount,
  readId,
  readMoment,
  readNumber,
  readRate,
  readWhole,
} from './index.ts';

const USD: AmountOptions = { scale: 2, asset: 'USD' };
const told = (reading: Reading<unknown>): unknown => (reading.ok ? reading.value : reading.fault);
const wordsOf = (reading: Reading<unknown>): string => (reading.ok ? '' : reading.words);

describe('amounts', () => {
  test.each([
    // Plain, padded, and with zeros that change nothing
    ['25', '25.00'],
    ['25.5', '25.50'],
    ['  25.50 \n', '25.50'],
    ['25.', '25.00'],
    ['.5', '0.50'],
    ['0.5', '0.50'],
    ['0.500', '0.50'],
    ['25.5000', '25.50'],
    ['007', '7.00'],
    ['+25', '25.00'],
    // Grouped, in every usual way
    ['1,234.50', '1234.50'],
    ['1.234,50', '1234.50'],
    ['1.000,50', '1000.50'],
    ["1'234.50", '1234.50'],
    ['1’234.50', '1234.50'],
    ['1 234.50', '1234.50'],
    ['1\u00A0234,50', '1234.50'],
    ['1\u202F234,50', '1234.50'],
    ['1\u2009234\u2009567.50', '1234567.50'],
    ['1_000', '1000.00'],
    ['1.234.567', '1234567.00'],
    ['1,234,567', '1234567.00'],
    ['12,34,567.00', '1234567.00'],
    ['12,500', '12500.00'],
    ['12,345', '12345.00'],
    ['12,50', '12.50'],
    ['0,50', '0.50'],
    ['1234,500', '1234.50'],
    // With the currency beside it
    ['$25.00', '25.00'],
    ['25 $', '25.00'],
    ['US$ 25', '25.00'],
    ['USD 25', '25.00'],
    ['25 usd', '25.00'],
    ['＄25', '25.00'],
    // Other digits, and what shows nothing
    ['１，２３４．５０', '1234.50'],
    ['٢٥٫٥٠', '25.50'],
    ['१२३४', '1234.00'],
    ['\u200E25.00\u200B', '25.00'],
    ['\uFEFF25', '25.00'],
  ])('%j is %s', (typed, amount) => {
    expect(readAmount(typed, USD)).toEqual({ ok: true, value: amount });
  });

  test.each([
    ['', 'empty'],
    [' \u200B ', 'empty'],
    ['0,500', 'ambiguous'],
    ['1.000', 'ambiguous'],
    ['25.500', 'ambiguous'],
    ['12.345', 'too_precise'],
    ['0.001', 'too_precise'],
    ['1,234.567', 'too_precise'],
    ['9'.repeat(20), 'too_large'],
    ['1000000000000000.01', 'too_large'],
    ['0', 'not_positive'],
    ['-0', 'not_positive'],
    ['-25', 'not_positive'],
    ['\u221225', 'not_positive'],
    ['-$25', 'not_positive'],
    ['(25.00)', 'not_positive'],
    ['€25', 'other_currency'],
    ['25 EUR', 'other_currency'],
    ['£25', 'other_currency'],
    ['25\n30', 'several'],
    ['25\t30', 'several'],
    ['1e3', 'shortened'],
    ['1,5E+12', 'shortened'],
    ['0x10', 'unreadable'],
    ['Infinity', 'unreadable'],
    ['NaN', 'unreadable'],
    ['10k', 'unreadable'],
    ['25%', 'unreadable'],
    ['10²', 'unreadable'],
    ['½', 'unreadable'],
    ['--5', 'unreadable'],
    ['12 34', 'unreadable'],
    ['1,23,4', 'unreadable'],
    ['1.2.3', 'unreadable'],
    ['1,2.3,4', 'unreadable'],
    ['2026-01-31', 'unreadable'],
    ['1'.repeat(300), 'unreadable'],
  ])('%j is refused: %s', (typed, fault) => {
    expect(told(readAmount(typed, USD))).toBe(fault);
  });

  test('each refusal says what is wrong with this value, and what would be right', () => {
    const words = (typed: string, options = USD) => wordsOf(readAmount(typed, options));
    expect(words('0,500')).toBe('“0,500” can mean 0.50 or 500. Write 0.50 or 500.');
    expect(words('1.000')).toBe('“1.000” can mean 1.00 or 1000. Write 1.00 or 1000.');
    expect(words('12.345')).toBe('“12.345” has 3 decimal places, and USD has 2. If you mean thousands, write 12345.');
    expect(words('9'.repeat(20))).toBe('This is more than 1,000,000,000,000,000 USD, the most that is taken.');
    expect(words('€25')).toBe('“€25” is not in USD. Write the amount in USD.');
    expect(words('-5')).toBe('“-5” is negative. Enter an amount above zero.');
    expect(words('')).toBe('Enter an amount, such as 25.00.');
    expect(words('five')).toBe('“five” is not an amount in plain digits, such as 25.00.');
    expect(words('1.5', { scale: 0, asset: 'JPY' })).toBe('“1.5” has 1 decimal place, and JPY has none.');
    expect(words('x'.repeat(300)).length).toBeLessThan(100);
  });

  test('what a lone mark before three digits is depends on the places that the asset has', () => {
    const BTC = { scale: 8, asset: 'BTC' };
    expect(told(readAmount('1.125', BTC))).toBe('1.12500000');
    expect(told(readAmount('1,125', BTC))).toBe('ambiguous');
    expect(told(readAmount('1.125', { scale: 0, asset: 'JPY' }))).toBe('too_precise');
    expect(told(readAmount('1.000', { scale: 0, asset: 'JPY' }))).toBe('ambiguous');
    expect(told(readAmount('¥1,000', { scale: 0, asset: 'JPY' }))).toBe('1000');
    expect(told(readNumber('1,125'))).toBe('ambiguous');
    expect(told(readNumber('1.000'))).toBe('ambiguous');
    expect(readNumber('1.125')).toMatchObject({ ok: true, value: { whole: '1', fraction: '125' } });
  });

  test('of an asset that is not known an amount keeps its places, and is refused where any asset would be ambiguous', () => {
    const read = (typed: string) => told(readAmount(typed, { scale: undefined }));
    for (const [typed, amount] of [
      ['25', '25'],
      ['1.234,50', '1234.50'],
      ['0.00012500', '0.00012500'],
      ['0025.', '25'],
      ['1.125', '1.125'],
      ['1.000', 'ambiguous'],
      ['12,500', 'ambiguous'],
      ['0', 'not_positive'],
      ['$25', 'other_currency'],
      ['9'.repeat(19), 'too_large'],
      [`0.${'1'.repeat(19)}`, 'too_precise'],
    ] as const)
      expect([typed, read(typed)]).toEqual([typed, amount]);
  });

  test('limits of the place where it is typed are said with the limit', () => {
    expect(wordsOf(readAmount('5', { ...USD, min: '10.00' }))).toBe(
      'This is less than 10 USD, the least that is taken.',
    );
    expect(wordsOf(readAmount('1001', { ...USD, max: '1000.00' }))).toBe(
      'This is more than 1,000 USD, the most that is taken.',
    );
  });
});

describe('rates', () => {
  test.each([
    ['7.25%', '0.0725', '0.0725'],
    ['7,25 %', '0.0725', '0.0725'],
    ['7,250 %', '0.0725', '0.0725'],
    ['７．２５％', '0.0725', '0.0725'],
    ['0.0725', '0.000725', '0.0725'],
    ['0', '0', '0'],
    ['0.5', '0.005', '0.5'],
    ['100%', '1', '1'],
    ['7.25', '0.0725', 'ambiguous'],
    ['1', '0.01', 'ambiguous'],
    ['10', '0.1', 'ambiguous'],
    ['100.01%', 'too_large', 'too_large'],
    ['0.00001%', 'too_precise', 'too_precise'],
    ['0.0000001', 'too_precise', 'too_precise'],
    ['-1%', 'not_positive', 'not_positive'],
    ['\u22120.01', 'not_positive', 'not_positive'],
    ['', 'empty', 'empty'],
    ['seven', 'unreadable', 'unreadable'],
    ['1e-2', 'shortened', 'shortened'],
    ['7.25%%', 'unreadable', 'unreadable'],
  ])('%j is %s where percent is meant, %s where a decimal is', (typed, percent, fraction) => {
    expect(told(readRate(typed, { bare: 'percent', max: '1' }))).toBe(percent);
    expect(told(readRate(typed, { bare: 'fraction', max: '1' }))).toBe(fraction);
  });

  test('a rate that was meant as percent is asked about, with both ways to write it', () => {
    expect(wordsOf(readRate('7.25', { bare: 'fraction', max: '1' }))).toBe(
      '“7.25” without a % sign would be 725%. Write 7.25% or 0.0725.',
    );
    expect(wordsOf(readRate('725', { bare: 'percent', max: '1' }))).toBe(
      '725% a year is more than 100%, the most that is taken.',
    );
  });
});

describe('dates and times', () => {
  test.each([
    ['2027-01-31', '2027-01-31T00:00:00.000Z'],
    ['2027-1-5', '2027-01-05T00:00:00.000Z'],
    [' 2027-01-31 ', '2027-01-31T00:00:00.000Z'],
    ['２０２７-01-31', '2027-01-31T00:00:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    ['2027-01-31T18:00', '2027-01-31T18:00:00.000Z'],
    ['2027-01-31 18:00:30', '2027-01-31T18:00:30.000Z'],
    ['2027-01-31T18:00:00.1234567Z', '2027-01-31T18:00:00.123Z'],
    ['2027-01-31T18:00+01:00', '2027-01-31T17:00:00.000Z'],
    ['2027-01-31 18:00 -0530', '2027-01-31T23:30:00.000Z'],
    ['2027-01-31T18:00 UTC', '2027-01-31T18:00:00.000Z'],
    ['2027-02-30', 'no_such_day'],
    ['2027-02-29', 'no_such_day'],
    ['2027-04-31T10:00Z', 'no_such_day'],
    ['2027-13-01', 'no_such_day'],
    ['2027-00-10', 'no_such_day'],
    ['10000-01-01', 'no_such_day'],
    ['012026-01-01', 'no_such_day'],
    ['0027-01-31', 'no_such_day'],
    ['9999-12-31T23:59-01:00', 'no_such_day'],
    ['2027-01-31T24:00', 'no_such_time'],
    ['2027-01-31T18:60', 'no_such_time'],
    ['2027-01-31T18:00:60Z', 'no_such_time'],
    ['2027-01-31T18:00+99:00', 'no_such_time'],
    ['31/12/2026', 'unreadable'],
    ['03/04/2027', 'ambiguous'],
    ['3.4.2027', 'ambiguous'],
    ['2027/01/31', 'unreadable'],
    ['Dec 31 2026', 'unreadable'],
    ['2027-01-31 soon', 'unreadable'],
    ['2027-01-31T18', 'unreadable'],
    ['1798761600', 'unreadable'],
    ['tomorrow', 'unreadable'],
    ['', 'empty'],
    ['2027-01-31\n2027-02-28', 'several'],
  ])('%j is %s', (typed, moment) => {
    expect(told(readMoment(typed, { zone: 'UTC' }))).toBe(moment);
  });

  test('a refused day is told apart, with how it is written', () => {
    const words = (typed: string) => wordsOf(readMoment(typed, { zone: 'UTC' }));
    expect(words('2027-02-30')).toBe('February 2027 has 28 days, and no day 30.');
    expect(words('31/12/2026')).toMatch('2026-12-31');
    expect(words('03/04/2027')).toMatch('2027-03-04 or 2027-04-03');
    expect(words('2027/01/31')).toMatch('Write 2027-01-31.');
  });

  test('a time without a zone is one of UTC or of the reader, as the place says; a skipped hour is none', () => {
    const zone = process.env['TZ'];
    process.env['TZ'] = 'America/New_York';
    try {
      expect(told(readMoment('2027-01-31T18:00', { zone: 'UTC' }))).toBe('2027-01-31T18:00:00.000Z');
      expect(told(readMoment('2027-01-31T18:00', { zone: 'local' }))).toBe('2027-01-31T23:00:00.000Z');
      expect(told(readMoment('2027-03-14T02:30', { zone: 'local' }))).toBe('no_such_time');
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });
});

test.each([
  ['36', 36],
  [' ３６ ', 36],
  ['36.0', 36],
  ['٣٦', 36],
  ['1.5', 'too_precise'],
  ['0', 'too_small'],
  ['-3', 'too_small'],
  ['481', 'too_large'],
  ['9'.repeat(30), 'too_large'],
  ['3e1', 'shortened'],
  ['0x10', 'unreadable'],
  ['three', 'unreadable'],
  ['12 24', 'unreadable'],
  ['', 'empty'],
])('whole numbers: %j is %s', (typed, value) => {
  expect(told(readWhole(typed, { min: 1, max: 480, unit: 'months' }))).toBe(value);
});

const USER = 'usr_0192abcd-0000-7000-8000-00000000beef';
test.each([
  [USER, USER],
  [` ${USER.toUpperCase()}\n`, USER],
  [`“${USER}”`, USER],
  [`<${USER}>`, USER],
  [`https://money.example/operate/users/${USER}?tab=keys#x`, USER],
  [`/v1/users/${USER}/keys`, USER],
  [`\u200B${USER}`, USER],
  [USER.slice(0, -1), 'unreadable'],
  [`${USER}0`, 'unreadable'],
  ['anna@test.example', 'unreadable'],
  [USER.replace('usr', 'ord'), 'wrong_kind'],
  [`${USER} ${USER.replace('beef', 'cafe')}`, 'several'],
  ['', 'empty'],
])('ids: %j is %s', (typed, id) => {
  expect(told(readId(typed, 'usr'))).toBe(id);
});
