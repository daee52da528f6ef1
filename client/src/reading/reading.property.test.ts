import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCsvReader, csvLine, type Reading, readAmount, readMoment, readNumber, readRate } from './index.ts';

const SCALES = [0, 2, 3, 8] as const;
const SEPARATORS = [
  { group: ',', mark: '.' },
  { group: '.', mark: ',' },
  { group: ' ', mark: ',' },
  { group: '\u00A0', mark: ',' },
  { group: '\u202F', mark: ',' },
  { group: "'", mark: '.' },
  { group: '’', mark: ',' },
  { group: '_', mark: '.' },
  { group: '', mark: '.' },
  { group: '', mark: ',' },
] as const;
const DIGITS = ['0123456789', '０１２３４５６７８９', '٠١٢٣٤٥٦٧٨٩', '०१२३४५६७८९', '০১২৩৪৫৬৭৮৯', '๐๑๒๓๔๕๖๗๘๙'];

const value = <Value>(reading: Reading<Value>): Value | undefined => (reading.ok ? reading.value : undefined);

/** The two that a refusal names. */
const readingsIn = (words: string): string[] => [...(/[Ww]rite (\S+) or (\S+)\.$/.exec(words) ?? [])].slice(1);

/** An amount of an asset in its smallest unit, and how it may be written. */
const written = fc.record({
  scale: fc.constantFrom(...SCALES),
  units: fc.oneof(fc.bigInt(1n, 10n ** 17n), fc.bigInt(1n, 1_000_000n)),
  separators: fc.constantFrom(...SEPARATORS),
  digits: fc.constantFrom(...DIGITS),
  zeros: fc.nat(4),
  around: fc.constantFrom('', ' ', '\u200B', '\uFEFF', '\u3000'),
});

function decimalOf(units: bigint, scale: number): string {
  const text = String(units).padStart(scale + 1, '0');
  return scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

test('an amount that is written in any form is that amount, or is refused as ambiguous, and never another', () => {
  fc.assert(
    fc.property(written, ({ scale, units, separators: { group, mark }, digits, zeros, around }) => {
      const amount = decimalOf(units, scale);
      const [whole = '', fraction = ''] = amount.split('.');
      const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, group);
      const behind = fraction + '0'.repeat(zeros);
      const plain = behind === '' ? grouped : `${grouped}${mark}${behind}`;
      // "12,500" is how our own pages write thousands: the one form that is not taken as it may have been meant.
      fc.pre(!(mark === ',' && scale < 3 && /^[1-9]\d{0,2},\d{3}$/.test(plain)));
      const typed = around + plain.replaceAll(/\d/g, (digit) => digits[Number(digit)] as string) + around;
      const read = readAmount(typed, { scale, asset: 'XTS' });
      if (read.ok) expect(read.value).toBe(amount);
      else {
        expect(['ambiguous', 'too_precise']).toContain(read.fault);
        // Only a lone mark before three digits is not clear.
        expect(plain).toMatch(/^\d{1,3}[.,]\d{3}$/);
        if (read.fault === 'ambiguous') expect(read.words).toMatch(/can mean .+ or .+\. Write .+ or .+\.$/);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('what is refused as ambiguous names two readings, and each of them is taken as itself', () => {
  const short = fc.tuple(fc.constantFrom(...SCALES, undefined), fc.stringMatching(/^\d{1,3}[.,]\d{3}$/));
  fc.assert(
    fc.property(short, ([scale, typed]) => {
      const read = readNumber(typed, { places: scale });
      if (read.ok || read.fault !== 'ambiguous') return;
      const readings = readingsIn(read.words).map((text) => value(readNumber(text, { places: scale })));
      expect(readings).toEqual([expect.anything(), expect.anything()]);
      const numbers = readings.map((number) => Number(`${number?.whole}.${number?.fraction || 0}`));
      expect(numbers).toEqual([Number(typed.replace(',', '.')), Number(typed.replace(/[.,]/, ''))]);
    }),
    { numRuns: 2_000 },
  );
});

test('whatever is typed, what is taken is the wire’s form, and is read again as itself', () => {
  const typed = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."0123456789.,' _-+()$€%eE\u00A0\u2212٥５"), maxLength: 30 }),
    fc.string({ unit: 'grapheme' }),
    fc.stringMatching(/^\d{15,30}([.,]\d{1,9})?$/),
  );
  fc.assert(
    fc.property(typed, fc.constantFrom(...SCALES), (text, scale) => {
      const amount = value(readAmount(text, { scale, asset: 'USD' }));
      if (amount !== undefined) {
        expect(amount).toMatch(scale === 0 ? /^\d{1,18}$/ : new RegExp(`^\\d{1,18}\\.\\d{${scale}}$`));
        // Three places of an asset that has three are its own form.
        expect(value(readAmount(amount, { scale, asset: 'USD' }))).toBe(amount);
      }
      const unknown = value(readAmount(text, { scale: undefined }));
      if (unknown !== undefined) {
        expect(unknown).toMatch(/^\d{1,18}(\.\d{1,18})?$/);
        // Where the asset is not known no less is refused: what is taken means the same in all.
        const known = readAmount(text, { scale, asset: 'USD' });
        if (known.ok) expect(Number(unknown)).toBe(Number(known.value));
      }
      const rate = value(readRate(text, { bare: 'percent', max: '999.999999' }));
      if (rate !== undefined) {
        expect(rate).toMatch(/^(0|[1-9]\d{0,2})(\.\d{1,6})?$/);
        expect(value(readRate(rate, { bare: 'fraction', max: '999.999999' })) ?? rate).toBe(rate);
      }
    }),
    { numRuns: 3_000 },
  );
});

const ZONES = [
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
];
const day = fc.record({
  year: fc.integer({ min: 1900, max: 9999 }),
  month: fc.integer({ min: 1, max: 12 }),
  day: fc.integer({ min: 1, max: 31 }),
  hour: fc.nat(23),
  minute: fc.nat(59),
});
const two = (number: number): string => String(number).padStart(2, '0');

test('a day is taken where the calendar has it, and is that day; no other is made of it', () => {
  fc.assert(
    fc.property(day, (parts) => {
      const text = `${parts.year}-${two(parts.month)}-${two(parts.day)}`;
      const exists = new Date(Date.UTC(parts.year, parts.month - 1, parts.day)).getUTCDate() === parts.day;
      expect(value(readMoment(text, { zone: 'UTC' }))).toBe(exists ? `${text}T00:00:00.000Z` : undefined);
    }),
    {
      numRuns: 2_000,
      examples: [
        [{ year: 2100, month: 2, day: 29, hour: 0, minute: 0 }],
        [{ year: 2000, month: 2, day: 29, hour: 0, minute: 0 }],
      ],
    },
  );
});

test.each(ZONES)('a time of the clock of %s is that time on that clock, or does not exist there', (zone) => {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  try {
    const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
    const recent = fc.integer({ min: 2024, max: 2040 }).chain((year) => day.map((parts) => ({ ...parts, year })));
    fc.assert(
      fc.property(recent, (parts) => {
        const text = `${parts.year}-${two(parts.month)}-${two(parts.day)} ${two(parts.hour)}:${two(parts.minute)}`;
        const read = readMoment(text, { zone: 'local' });
        if (read.ok) expect(clock.format(new Date(read.value))).toBe(text);
        else if (read.fault === 'ambiguous') {
          const both = readingsIn(read.words).map((one) => value(readMoment(one, { zone: 'UTC' })) ?? '');
          expect(both[0]).not.toBe(both[1]);
          expect(both.map((one) => clock.format(new Date(one)))).toEqual([text, text]);
        } else expect(['no_such_day', 'no_such_time']).toContain(read.fault);
      }),
      { numRuns: 1_000 },
    );
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
});

test.each([
  ['Europe/Berlin', '2027-03-28 02:00', 'no_such_time'],
  ['Europe/Berlin', '2027-03-28 02:59', 'no_such_time'],
  ['Europe/Berlin', '2027-03-28 03:00', '2027-03-28T01:00:00.000Z'],
  ['Europe/Berlin', '2027-10-31 02:30', 'ambiguous'],
  ['Europe/Berlin', '2027-10-31 03:00', '2027-10-31T02:00:00.000Z'],
  ['Europe/Berlin', '2027-10-31 01:59', '2027-10-30T23:59:00.000Z'],
  ['America/New_York', '2027-11-07 01:30', 'ambiguous'],
  ['Australia/Lord_Howe', '2027-04-04 01:45', 'ambiguous'],
  ['Australia/Lord_Howe', '2027-10-03 02:15', 'no_such_time'],
  // At midnight itself: a day alone begins at its first moment, there 01:00.
  ['America/Santiago', '2027-09-05', '2027-09-05T04:00:00.000Z'],
  ['Pacific/Apia', '2011-12-30', 'no_such_day'],
])('in %s the time %s is %s', (zone, typed, expected) => {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  try {
    const read = readMoment(typed, { zone: 'local' });
    expect(read.ok ? read.value : read.fault).toBe(expected);
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
});

test('cells that are written are read again as they were, whatever stands in them', () => {
  const cell = fc.string({
    unit: fc.oneof(fc.constantFrom(...'",;\t\n =+-@\'’\uFEFF'), fc.constantFrom(...'abc1.é')),
    maxLength: 12,
  });
  const row = fc
    .array(cell, { minLength: 2, maxLength: 5 })
    .filter((cells) => cells.some((text) => text.trim() !== ''));
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (rows) => {
      const reader = createCsvReader();
      // The first row says what separates.
      const text = csvLine(['a', 'b']) + rows.map(csvLine).join('');
      const records = text.split('\n').flatMap((part, index) => reader.push({ line: index + 1, text: part }));
      records.push(...reader.end());
      const read = records.slice(1).map((record) => ('cells' in record ? record.cells : record.fault));
      // What would be a formula has an apostrophe before it, which a spreadsheet does not show.
      const guarded = rows.map((cells) =>
        cells.map((one) => (/^[\t\r]|^\s*[=+\-@]/.test(one) && !/^-?\d+(\.\d+)?$/.test(one) ? `'${one}` : one)),
      );
      expect(read).toEqual(guarded.map((cells) => cells.map((one) => one.replaceAll('\r\n', '\n'))));
    }),
    { numRuns: 1_000 },
  );
});
