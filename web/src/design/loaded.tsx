import { Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Fragment, type ReactNode } from 'react';
import { Failure, wordsOf } from './failure.tsx';

/** What `useQuery` and `useInfiniteQuery` give. */
export interface LoadedQuery<Data> {
  data: Data | undefined;
  error: unknown;
  isError: boolean;
  isFetching: boolean;
  refetch: () => unknown;
  /** Of a list that is read page by page: it was the next page that did not come. */
  isFetchNextPageError?: boolean;
  fetchNextPage?: () => unknown;
}

export interface LoadedProps<Data> {
  query: LoadedQuery<Data>;
  /** "Your balances could not be loaded." */
  title: string;
  /** As large as what is coming. */
  skeleton: ReactNode;
  children: (data: Data) => ReactNode;
}

/**
 * What a query has brought: a skeleton until then, and a failure in its place only where nothing ever came. A later reading
 * that fails is said in a line above; what is there stays as it is, with everything that was typed and opened in it.
 */
export function Loaded<Data>({ query, title, skeleton, children }: LoadedProps<Data>) {
  const { data, error, isError, refetch } = query;
  if (data === undefined) {
    return isError ? <Failure error={error} title={title} retry={() => void refetch()} /> : <>{skeleton}</>;
  }
  return (
    <>
      <Outdated query={query} />
      <Fragment key="loaded">{children(data)}</Fragment>
    </>
  );
}

/** For a page that lays out its data itself: the line that says that a later reading failed, and nothing otherwise. */
export function Outdated({ query }: { query: LoadedQuery<unknown> }) {
  const { data, error, isError, isFetching, isFetchNextPageError = false, refetch, fetchNextPage } = query;
  if (!isError || data === undefined) return null;
  const isMore = isFetchNextPageError && fetchNextPage !== undefined;
  return (
    <Group gap="sm" role="status">
      <IconAlertTriangle size={18} color="var(--mr-bad)" aria-hidden style={{ flex: 'none' }} />
      <Text size="sm" style={{ flex: '1 1 12rem', minWidth: 0 }}>
        {`${isMore ? 'The rest could not be loaded.' : 'This may be out of date.'} ${wordsOf(error)}`}
      </Text>
      <Button
        variant="default"
        size="xs"
        loading={isFetching}
        onClick={() => void (isMore ? fetchNextPage() : refetch())}
      >
        Try again
      </Button>
    </Group>
  );
}
