import { expect, test, vi } from 'vitest';
import { createCachedAnswers } from './cached-answers.ts';

test('an answer is computed once for all who ask within its time', async () => {
  const answers = createCachedAnswers<number>();
  const compute = vi.fn<() => Promise<number>>(async () => 1);
  expect(await Promise.all([answers.get('a', compute), answers.get('a', compute)])).toEqual([1, 1]);
  expect(await answers.get('a', compute)).toBe(1);
  expect(compute).toHaveBeenCalledTimes(1);
});

test('different questions are computed one after another', async () => {
  const answers = createCachedAnswers<string>();
  const begun: string[] = [];
  const first = Promise.withResolvers<string>();
  const a = answers.get('a', () => (begun.push('a'), first.promise));
  const b = answers.get('b', async () => (begun.push('b'), 'b'));
  await Promise.resolve();
  expect(begun).toEqual(['a']);
  first.resolve('a');
  expect(await Promise.all([a, b])).toEqual(['a', 'b']);
  expect(begun).toEqual(['a', 'b']);
});

test('a failure is not kept, and holds nobody up', async () => {
  const answers = createCachedAnswers<number>();
  await expect(answers.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await answers.get('a', async () => 2)).toBe(2);
});

test('more different questions than may wait are refused; the same one is not', async () => {
  const answers = createCachedAnswers<number>();
  const first = Promise.withResolvers<number>();
  const asked = Array.from({ length: 32 }, (_, n) => answers.get(String(n), () => first.promise));
  expect(await answers.get('one more', async () => 1)).toBeUndefined();
  const same = answers.get('31', async () => 3);
  first.resolve(2);
  expect(await Promise.all([...asked, same])).toEqual(Array(33).fill(2));
});
