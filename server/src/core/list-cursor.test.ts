import { expect, test } from 'vitest';
import { decodeListCursor, decodeTimeCursor, encodeListCursor, encodeTimeCursor } from './list-cursor.ts';

const key = { micros: '1763000000123456', id: '019a7afd-1e00-7167-89d1-c815ede9bca7' };

test('a cursor comes back as the key that it was made of', () => {
  const cursor = encodeTimeCursor('orders', key);
  expect(cursor).toMatch(/^[A-Za-z0-9_-]{1,512}$/);
  expect(decodeTimeCursor('orders', cursor)).toEqual({ ok: true, value: key });
  expect(decodeTimeCursor('orders', undefined)).toEqual({ ok: true, value: null });
});

test.each([
  ['of another list', encodeTimeCursor('dead-letters', key)],
  ['of a list whose name begins alike', encodeTimeCursor('orders2', key)],
  ['with something behind it', `${encodeTimeCursor('orders', key)}!`],
  ['that is no base64url', 'a+b/='],
  ['that is empty', ''],
  ['with a key that is none', encodeListCursor('orders', "1' or true/019a7afd-1e00-7167-89d1-c815ede9bca7")],
  ['with a time out of range', encodeListCursor('orders', `9999999999999999999/${key.id}`)],
  ['with a time before 1970', encodeListCursor('orders', `-1/${key.id}`)],
  ['with a broken id', encodeListCursor('orders', '1/x')],
])('a cursor %s is refused', (_, cursor) => {
  expect(decodeTimeCursor('orders', cursor)).toMatchObject({ ok: false, problem: { code: 'invalid_cursor' } });
});

test('a key must match the list’s pattern', () => {
  expect(decodeListCursor('a', encodeListCursor('a', '12'), /^\d+$/)).toBe('12');
  expect(decodeListCursor('a', encodeListCursor('a', '1x'), /^\d+$/)).toBeUndefined();
});
