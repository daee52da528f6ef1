import { expect, test } from 'vitest';
import { createNameReader } from './name-reader.ts';

test('names that are asked for together are read with one request, each once; what there is not has none', async () => {
  const asked: string[][] = [];
  const nameOf = createNameReader(async (ids) => {
    asked.push([...ids]);
    return new Map(ids.filter((id) => id !== 'c').map((id) => [id, `Loan ${id}`]));
  });
  expect(await Promise.all(['a', 'b', 'a', 'c'].map(nameOf))).toEqual(['Loan a', 'Loan b', 'Loan a', null]);
  expect(await nameOf('d')).toBe('Loan d');
  expect(asked).toEqual([['a', 'b', 'c'], ['d']]);
});

test('more than the server tells at once are read with several requests', async () => {
  const sizes: number[] = [];
  const nameOf = createNameReader(async (ids) => {
    sizes.push(ids.length);
    return new Map();
  });
  await Promise.all(Array.from({ length: 201 }, (_, number) => nameOf(String(number))));
  expect(sizes).toEqual([100, 100, 1]);
});

test('a request that fails is told to all who asked, and the next one is asked again', async () => {
  let fails = true;
  const nameOf = createNameReader(async (ids) => {
    if (fails) throw new Error('away');
    return new Map(ids.map((id) => [id, id]));
  });
  const results = await Promise.allSettled([nameOf('a'), nameOf('b')]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  expect(await nameOf('a')).toBe('a');
});
