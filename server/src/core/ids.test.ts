import { expect, test, vi } from 'vitest';
import { formatId, isUuid, parseId, shardOf, shardOfText, uuidOfName, uuidv7 } from './ids.ts';

test('ids of version 7 are valid, unique and in order of their making', () => {
  const ids = Array.from({ length: 20_000 }, uuidv7);
  expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(
    true,
  );
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
});

test('ids of version 7 follow a clock that comes back from far ahead, and are ids before 1970', () => {
  const timeOf = (id: string): number => Number.parseInt(id.slice(0, 13).replace('-', ''), 16);
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    vi.setSystemTime(now + 40 * 86_400_000);
    uuidv7();
    vi.setSystemTime(now);
    expect(timeOf(uuidv7())).toBe(now);
    vi.setSystemTime(-1_000);
    expect(isUuid(uuidv7())).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});

test('a public name has one id, of version 5', () => {
  expect(uuidOfName('loan/1')).toBe(uuidOfName('loan/1'));
  expect(uuidOfName('loan/1')).not.toBe(uuidOfName('loan/2'));
  expect(uuidOfName('loan/1')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('a public id is read back only as its own kind', () => {
  const uuid = uuidv7();
  expect(parseId('order', formatId('order', uuid))).toBe(uuid);
  expect(parseId('order', formatId('order', uuid).toUpperCase().replace('ORD', 'ord'))).toBe(uuid);
  expect(parseId('loan', formatId('order', uuid))).toBeUndefined();
  expect(parseId('order', `${formatId('order', uuid)}\n`)).toBeUndefined();
  expect(isUuid(`${uuid}0`)).toBe(false);
});

test('an id has the shard of its last digits, bare or public, small or capital', () => {
  const id = '01900000-0000-7000-8000-0000000000ff';
  expect(shardOf(id, 16)).toBe(15);
  for (const text of [id, `loan_${id}`, id.toUpperCase()]) expect(shardOfText(text, 16)).toBe(15);
});

test('any other text has one too, always the same and spread over all', () => {
  expect(['AAPL', 'TSLA', 'BTC-USD', ''].map((symbol) => shardOfText(symbol, 4))).toEqual([3, 3, 1, 1]);
  // The hash's published examples: few shards look at its last bits only.
  const whole = ['', 'a', 'foobar'].map((text) => shardOfText(text, 2 ** 32));
  expect(whole).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 4_000; i += 1) counts[shardOfText(`SYM.${i}`, 4)]! += 1;
  for (const count of counts) expect(count).toBeGreaterThan(900);
  expect(shardOfText('AAPL', 1)).toBe(0);
});
