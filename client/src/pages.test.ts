import { expect, test } from 'vitest';
import { itemsOf } from './pages.ts';

async function read<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test('pages are read to the end, and a list that goes on where it began is given up', async () => {
  const pages = [
    { data: [1, 2], has_more: true, next_cursor: 'a' },
    { data: [3], has_more: false, next_cursor: null },
  ];
  expect(await read(itemsOf(async ({ cursor }) => pages[cursor === undefined ? 0 : 1]!))).toEqual([1, 2, 3]);
  const endless = itemsOf(async () => ({ data: [1], has_more: true, next_cursor: 'a' }));
  await expect(read(endless)).rejects.toThrow('has no end');
});
