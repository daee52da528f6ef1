import type { WirePage } from '@millrace/contract';
import type { InfiniteData, QueryClient, QueryKey } from '@tanstack/react-query';

/** A list that is read page by page, the newest first. */
export type Pages<Item> = InfiniteData<WirePage<Item>, string | null>;

/** A list is read from its first page on: a page's parameter is its cursor. */
export const firstPage = null as string | null;

export const nextPage = ({ has_more, next_cursor }: WirePage<unknown>): string | null | undefined =>
  has_more ? next_cursor : undefined;

/** Where a page begins, as the API has it. */
export const atCursor = (cursor: string | null): { cursor?: string } => (cursor === null ? {} : { cursor });

/** Items of one page, with what events put into it: a few screens. Beyond, the list is read again, in pages of their size. */
export const PAGE_ITEMS_MAX = 200;

/**
 * The list with items that came by events, where their time puts them. What is older than everything that was read stays
 * out while there is more to read: the next page will bring it.
 */
export function withInserted<Item>(
  pages: Pages<Item>,
  items: readonly Item[],
  timeOf: (item: Item) => string,
): Pages<Item> {
  let next = pages;
  for (const item of items) next = insert(next, item, timeOf);
  return next;
}

function insert<Item>(pages: Pages<Item>, item: Item, timeOf: (item: Item) => string): Pages<Item> {
  const at = Date.parse(timeOf(item));
  const indexIn = ({ data }: WirePage<Item>): number => data.findIndex((other) => Date.parse(timeOf(other)) <= at);
  const found = pages.pages.findIndex((page) => indexIn(page) !== -1);
  const hasMore = pages.pages.at(-1)?.has_more ?? true;
  if (found === -1 && hasMore) return pages;
  const target = found === -1 ? pages.pages.length - 1 : found;
  const into = (page: WirePage<Item>): WirePage<Item> => {
    const index = found === -1 ? page.data.length : indexIn(page);
    return { ...page, data: page.data.toSpliced(index, 0, item).slice(0, PAGE_ITEMS_MAX) };
  };
  return { ...pages, pages: pages.pages.map((page, position) => (position === target ? into(page) : page)) };
}

/** Changes a list by an event. One that events have made too long is read again. */
export function growList<Item>(
  cache: QueryClient,
  queryKey: QueryKey,
  grow: (pages: Pages<Item>) => Pages<Item>,
): void {
  const pages = cache.setQueryData<Pages<Item>>(queryKey, (before) => before && grow(before));
  const isTooLong = pages?.pages.some(({ data }) => data.length >= PAGE_ITEMS_MAX) ?? false;
  if (isTooLong && !cache.getQueryState(queryKey)?.isInvalidated)
    void cache.invalidateQueries({ queryKey, exact: true });
}
