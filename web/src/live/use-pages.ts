import type { WirePage } from '@millrace/contract';
import {
  hashKey,
  type InfiniteData,
  type QueryKey,
  type UndefinedInitialDataInfiniteOptions,
  useInfiniteQuery,
  type UseInfiniteQueryResult,
} from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';

/** Of which list how many pages were asked for. */
interface Wanted {
  list: string;
  pages: number;
}

/**
 * A list that is read page by page. A next page that was asked for comes: a refresh by an event breaks off the reading of it
 * under the query library's rules, and would itself be broken off by a click, so that one of them waits for the other here.
 */
export function usePages<Item, Key extends QueryKey>(
  options: UndefinedInitialDataInfiniteOptions<WirePage<Item>, Error, InfiniteData<WirePage<Item>>, Key, string | null>,
): UseInfiniteQueryResult<InfiniteData<WirePage<Item>>> {
  const query = useInfiniteQuery(options);
  const [wanted, setWanted] = useState<Wanted>();
  const list = hashKey(options.queryKey);
  const { data, hasNextPage, isFetching, isError, fetchNextPage: fetch } = query;
  const pages = data?.pages.length ?? 0;
  const isWanted = wanted?.list === list && wanted.pages > pages && hasNextPage;

  useEffect(() => {
    if (isWanted && !isFetching && !isError) void fetch({ cancelRefetch: false });
  }, [isWanted, isFetching, isError, fetch]);

  const fetchNextPage = useCallback<typeof fetch>(
    (more) => {
      setWanted({ list, pages: pages + 1 });
      return fetch({ ...more, cancelRefetch: false });
    },
    [fetch, list, pages],
  );
  // Over the result, whose getters say to the library what is used of it: copying it would use everything.
  return Object.create(query, {
    fetchNextPage: { value: fetchNextPage },
    isFetchingNextPage: { value: query.isFetchingNextPage || (isWanted && !isError) },
  }) as typeof query;
}
