import { expect, test } from 'vitest';
import { readBatch } from './batch-text.ts';
import { type BatchRow, checkRow, errorsOf, readyRows } from './batch.ts';

const options = { scale: 2, now: Date.parse('2026-11-21T12:00:00Z') };
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
  expect(rows[0]?.errors.at(-1)).toMatch('0.0725');
  expect(readyRows(rows, borrowers)).toEqual([]);
});

test('a borrower whom nobody knows is said to be unknown', () => {
  const rows = rowsOf('bob@test.example,Roof,1000,0.07,12,B,2027-01-31');
  expect(errorsOf(rows[0]!, new Map([['bob@test.example', null]]))).toEqual([
    'borrower: There is no user “bob@test.example”.',
  ]);
  expect(readyRows(rows, new Map([['bob@test.example', null]]))).toEqual([]);
});
