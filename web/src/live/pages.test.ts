import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { growList, PAGE_ITEMS_MAX, type Pages, withInserted } from './pages.ts';

/** Seconds of a minute, newest first. */
const itemOf = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

function pagesOf(hasMore: boolean, ...pages: number[][]): Pages<string> {
  const last = pages.length - 1;
  const page = (seconds: number[], index: number) => {
    const has_more = index < last || hasMore;
    return { data: seconds.map(itemOf), has_more, next_cursor: has_more ? `after ${index}` : null };
  };
  return { pages: pages.map(page), pageParams: pages.map(() => null) };
}
const insert = (pages: Pages<string>, ...seconds: number[]) => withInserted(pages, seconds.map(itemOf), (item) => item);

test('what comes by events stands where its time puts it, on whatever page', () => {
  expect(insert(pagesOf(true, [50, 40], [30, 20]), 60, 35, 25)).toEqual(pagesOf(true, [60, 50, 40], [35, 30, 25, 20]));
});

test('what is older than all that was read waits for the next page, or is the end where there is none', () => {
  expect(insert(pagesOf(true, [50, 40]), 10)).toEqual(pagesOf(true, [50, 40]));
  expect(insert(pagesOf(false, [50, 40]), 10)).toEqual(pagesOf(false, [50, 40, 10]));
  expect(insert(pagesOf(false, []), 10)).toEqual(pagesOf(false, [10]));
});

test('a list that events make longer and longer keeps a size, and is read again', () => {
  const cache = new QueryClient();
  cache.setQueryData(['orders'], pagesOf(true, [0]));
  for (let second = 1; second <= PAGE_ITEMS_MAX + 10; second += 1)
    growList<string>(cache, ['orders'], (pages) => insert(pages, second));
  const first = cache.getQueryData<Pages<string>>(['orders'])?.pages[0];
  expect(first?.data).toHaveLength(PAGE_ITEMS_MAX);
  expect(first?.data[0]).toBe(itemOf(PAGE_ITEMS_MAX + 10));
  expect(cache.getQueryState(['orders'])?.isInvalidated).toBe(true);
});
