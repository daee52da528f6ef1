import { expect, test, vi } from 'vitest';
import { createKept } from './kept.ts';

test('an answer is computed once for all who ask within its time', async () => {
  const kept = createKept<number>();
  const compute = vi.fn<() => Promise<number>>(async () => 1);
  expect(await Promise.all([kept.get('a', compute), kept.get('a', compute)])).toEqual([1, 1]);
  expect(await kept.get('a', compute)).toBe(1);
  expect(compute).toHaveBeenCalledTimes(1);
});

test('different questions are computed one after another', async () => {
  const kept = createKept<string>();
  const begun: string[] = [];
  const first = Promise.withResolvers<string>();
  const a = kept.get('a', () => (begun.push('a'), first.promise));
  const b = kept.get('b', async () => (begun.push('b'), 'b'));
  await Promise.resolve();
  expect(begun).toEqual(['a']);
  first.resolve('a');
  expect(await Promise.all([a, b])).toEqual(['a', 'b']);
  expect(begun).toEqual(['a', 'b']);
});

test('a failure is not kept, and holds nobody up', async () => {
  const kept = createKept<number>();
  await expect(kept.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await kept.get('a', async () => 2)).toBe(2);
});

test('more different questions than may wait are refused; the same one is not', async () => {
  const kept = createKept<number>();
  const first = Promise.withResolvers<number>();
  const asked = Array.from({ length: 32 }, (_, n) => kept.get(String(n), () => first.promise));
  expect(await kept.get('one more', async () => 1)).toBeUndefined();
  const same = kept.get('31', async () => 3);
  first.resolve(2);
  expect(await Promise.all([...asked, same])).toEqual(Array(33).fill(2));
});
