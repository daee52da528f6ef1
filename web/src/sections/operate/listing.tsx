import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { WirePage } from '@millrace/contract';
import { type ReactNode, useMemo } from 'react';
import { type Column, DataTable, Loaded, TableSkeleton } from '../../design/index.ts';

export interface ListingProps<Row> {
  query: UseInfiniteQueryResult<InfiniteData<WirePage<Row>>>;
  /** What the table shows, for those who do not see it. */
  label: string;
  /** "The orders could not be loaded." */
  failure: string;
  /** As many as a list usually has, so that nothing jumps when it comes. */
  skeletonRows: number;
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  empty: ReactNode;
}

/** A list of the console, page by page. */
export function Listing<Row extends object>(props: ListingProps<Row>) {
  const { query, label, failure, skeletonRows, columns, rowKey, empty } = props;
  const rows = useMemo(() => query.data?.pages.flatMap(({ data }) => data) ?? [], [query.data]);
  return (
    <Loaded query={query} title={failure} skeleton={<TableSkeleton rows={skeletonRows} />}>
      {() => (
        <DataTable
          label={label}
          columns={columns}
          rows={rows}
          rowKey={rowKey}
          // A page with a filter may hold nothing and still have more behind it.
          empty={query.hasNextPage ? undefined : empty}
          more={{ has: query.hasNextPage, busy: query.isFetchingNextPage, load: () => void query.fetchNextPage() }}
        />
      )}
    </Loaded>
  );
}
