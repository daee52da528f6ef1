import { expect, test } from 'vitest';
import { cursorOf, pageOf, readCursor, readMatching, readMicros, readUuid } from './list-cursor.ts';

const ID = '019a7afd-1e00-7167-89d1-c815ede9bca7';
const MICROS = '1763000000123456';
const parts = [readMicros, readUuid] as const;

test('a cursor is opaque, and comes back as the key that it was made of; without one the list begins', () => {
  const cursor = cursorOf('orders', MICROS, ID);
  expect(cursor).toMatch(/^[A-Za-z0-9_-]{1,512}$/);
  expect(readCursor('orders', cursor, parts)).toEqual({ ok: true, value: [MICROS, ID] });
  expect(readCursor('orders', undefined, parts)).toEqual({ ok: true, value: [null, null] });
});

test.each([
  ['of another list', cursorOf('dead-letters', MICROS, ID)],
  ['of a list whose name begins alike', cursorOf('orders2', MICROS, ID)],
  ['with something behind it', `${cursorOf('orders', MICROS, ID)}!`],
  ['that is no base64url', 'a+b/='],
  ['as lists once had them', `orders,${MICROS},${ID}`],
  ['that is empty', ''],
  ['with a key that is none', cursorOf('orders', "1' or true", ID)],
  ['with a time out of range', cursorOf('orders', '9999999999999999999', ID)],
  ['with a time before 1970', cursorOf('orders', '-1', ID)],
  ['with a broken id', cursorOf('orders', '1', 'x')],
  ['with too few parts', cursorOf('orders', MICROS)],
  ['with too many', cursorOf('orders', MICROS, ID, ID)],
])('a cursor %s is refused', (_, cursor) => {
  expect(readCursor('orders', cursor, parts)).toMatchObject({ ok: false, problem: { code: 'invalid_cursor' } });
});

test('a part must match from end to end, whatever the pattern has', () => {
  const read = readMatching(/\d|\d\d/);
  expect(['1', '12', '1x', 'x1', ''].map(read)).toEqual(['1', '12', undefined, undefined, undefined]);
});

test('a page ends with a cursor where one more row was found, and the cursor is where it ended', () => {
  const page = (rows: number[]) =>
    pageOf(rows, 2, { view: (row) => `${row}!`, cursor: (row) => cursorOf('numbers', String(row)) });
  expect(page([5, 4])).toEqual({ data: ['5!', '4!'], has_more: false, next_cursor: null });
  const { data, has_more, next_cursor } = page([5, 4, 3]);
  expect([data, has_more]).toEqual([['5!', '4!'], true]);
  expect(readCursor('numbers', next_cursor ?? '', [readMatching(/\d+/)])).toEqual({ ok: true, value: ['4'] });
  expect(page([])).toEqual({ data: [], has_more: false, next_cursor: null });
});
