import { expect, test } from 'vitest';
import { readBatch } from './batch-text.ts';
import { type BatchRow, checkRow, errorsOf, readyRows } from './batch.ts';

const options = {
  currency: { asset: 'USD', scale: 2 },
  limits: { amount_max: '1000000', rate_max: '1', term_months_max: 480, funding_days_max: 1_827 },
  now: Date.parse('2026-11-21T12:00:00Z'),
  rates: 'fraction',
  zone: 'UTC',
} as const;
const HEADER = 'borrower,purpose,amount,apr,term_months,grade,funding_deadline';
const ANNA = 'usr_01900000-0000-7000-8000-000000000001';
const borrowers = new Map([['anna@test.example', ANNA]]);

function rowsOf(...lines: string[]): BatchRow[] {
  const read = readBatch([HEADER, ...lines].join('\n'));
  if (!read.ok) throw new Error(read.reason);
  return read.rows.map((row) => checkRow(row, options));
}

test('a row that is right is sent with the borrower’s id', () => {
  const [ready] = readyRows(rowsOf('Anna@test.example,Roof,1000,0.07,12,b,2027-01-31'), borrowers);
  expect(ready).toMatchObject({
    line: 2,
    body: { borrower_id: ANNA, purpose: 'Roof', amount: '1000.00', grade: 'B', term_months: 12 },
  });
});

test('the same loan has the same key in any file; two equal rows are two loans', () => {
  const roof = 'anna@test.example,Roof,1000,0.07,12,B,2027-01-31';
  const pump = 'anna@test.example,Pump,1000,0.07,12,B,2027-01-31';
  const first = readyRows(rowsOf(roof, roof), borrowers);
  expect(new Set(first.map(({ key }) => key)).size).toBe(2);
  const mended = readyRows(rowsOf(pump, roof, roof), borrowers);
  expect(mended.slice(1).map(({ key }) => key)).toEqual(first.map(({ key }) => key));
  expect(mended[0]?.key).not.toBe(first[0]?.key);
  for (const { key } of mended) expect(key).toMatch(/^[!-~]{1,255}$/);
});

test('everything that is wrong with a row is said, and it is not sent', () => {
  const rows = rowsOf('anna@test.example,,0,7.25,12,B,2027-01-31');
  expect(errorsOf(rows[0]!, borrowers)).toHaveLength(3);
  expect(rows[0]?.errors.join(' ')).toMatch('Write 7.25% or 0.0725.');
  expect(readyRows(rows, borrowers)).toEqual([]);
});

test('a row is read as spreadsheets write it: decimal commas, percent, an address in capitals, an id in a link', () => {
  const lines = [
    'borrower;purpose;amount;apr;term_months;grade;funding_deadline',
    '" ANNA@test.example ";Roof;1.234,50;7,25 %;36;b;2027-01-31',
    `https://money.example/users/${ANNA};Roof;"$1,234.50";0.0725;36;B;2027-1-31`,
  ];
  const read = readBatch(lines.join('\r\n'));
  const rows = read.ok ? read.rows.map((row) => checkRow(row, options)) : [];
  const ready = readyRows(rows, new Map([...borrowers, [ANNA, ANNA]]));
  expect(ready.map(({ body }) => body.amount)).toEqual(['1234.50', '1234.50']);
  expect(ready[0]?.body).toEqual(ready[1]?.body);
});

test('each value that is wrong has its own error', () => {
  const rows = rowsOf('anna@test.example,Roof,"0,500",0.0725,36,B,2027-02-30', 'a@b,Roof,12.345,1.5%,3.5,B,31/12/2026');
  expect(rows.map(({ errors }) => errors)).toEqual([
    [
      'amount: “0,500” can mean 0.50 or 500. Write 0.50 or 500.',
      'funding_deadline: February 2027 has 28 days, and no day 30.',
    ],
    [
      'amount: “12.345” has 3 decimal places, and USD has 2. If you mean thousands, write 12345.',
      'term_months: “3.5” is not whole. Enter a whole number from 1 to 480 months.',
      'funding_deadline: “31/12/2026” can be read in two orders: write year, month, day, 2026-12-31.',
    ],
  ]);
});

test('a borrower whom nobody knows is said to be unknown', () => {
  const rows = rowsOf('bob@test.example,Roof,1000,0.07,12,B,2027-01-31');
  expect(errorsOf(rows[0]!, new Map([['bob@test.example', null]]))).toEqual([
    'borrower: There is no user “bob@test.example”.',
  ]);
  expect(readyRows(rows, new Map([['bob@test.example', null]]))).toEqual([]);
});
