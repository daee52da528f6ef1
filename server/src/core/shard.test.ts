import { expect, test } from 'vitest';
import { shardOf, shardOfText } from './shard.ts';

test('an id has the shard of its last digits, bare or public, small or capital', () => {
  const id = '01900000-0000-7000-8000-0000000000ff';
  expect(shardOf(id, 16)).toBe(15);
  for (const text of [id, `loan_${id}`, id.toUpperCase()]) expect(shardOfText(text, 16)).toBe(15);
});

test('any other text has one too, always the same and spread over all', () => {
  expect(['AAPL', 'TSLA', 'BTC-USD', ''].map((symbol) => shardOfText(symbol, 4))).toEqual([3, 3, 1, 1]);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 4_000; i += 1) counts[shardOfText(`SYM.${i}`, 4)]! += 1;
  for (const count of counts) expect(count).toBeGreaterThan(900);
  expect(shardOfText('AAPL', 1)).toBe(0);
});
