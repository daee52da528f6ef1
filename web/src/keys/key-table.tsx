import { Button } from '@mantine/core';
import type { ApiKey, WirePage } from '@millrace/contract';
import { type InfiniteData, type UseInfiniteQueryResult, useMutation } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import {
  Code,
  type Column,
  Confirm,
  DataTable,
  DateTime,
  Loaded,
  RelativeTime,
  TableSkeleton,
  useFocusBack,
} from '../design/index.ts';

interface RevokeKeyProps {
  apiKey: ApiKey;
  /** What it means, and that it cannot be undone. */
  warning: string;
  /** Revokes it, and reads the list again. */
  revoke: (id: string) => Promise<void>;
  onClose: () => void;
}

/** Asks before a key is revoked. */
function RevokeKey({ apiKey, warning, revoke, onClose }: RevokeKeyProps) {
  useFocusBack();
  const revocation = useMutation({ mutationFn: () => revoke(apiKey.id), onSuccess: onClose });
  return (
    <Confirm
      opened
      title={`Revoke “${apiKey.name}”?`}
      action="Revoke key"
      danger
      busy={revocation.isPending}
      error={revocation.error}
      onConfirm={() => revocation.mutate()}
      onClose={onClose}
    >
      {warning}
    </Confirm>
  );
}

export interface KeyTableProps extends Pick<RevokeKeyProps, 'warning' | 'revoke'> {
  query: UseInfiniteQueryResult<InfiniteData<WirePage<ApiKey>>>;
  /** "The keys could not be loaded." */
  failure: string;
  empty: ReactNode;
}

/** Keys for programs, of oneself or of a user, to be revoked. Their secrets are nowhere. */
export function KeyTable({ query, failure, empty, warning, revoke }: KeyTableProps) {
  const [chosen, setChosen] = useState<ApiKey | null>(null);
  const columns = useMemo(() => columnsOf(setChosen), []);
  return (
    <>
      <Loaded query={query} title={failure} skeleton={<TableSkeleton rows={3} />}>
        {({ pages }) => (
          <DataTable
            label="API keys"
            columns={columns}
            rows={pages.flatMap(({ data }) => data)}
            rowKey={({ id }) => id}
            more={{ has: query.hasNextPage, busy: query.isFetchingNextPage, load: () => void query.fetchNextPage() }}
            empty={empty}
          />
        )}
      </Loaded>
      {chosen && <RevokeKey apiKey={chosen} warning={warning} revoke={revoke} onClose={() => setChosen(null)} />}
    </>
  );
}

function columnsOf(choose: (key: ApiKey) => void): Column<ApiKey>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      title: true,
      cell: ({ name, hint }) => (
        <>
          {name}
          <br />
          <Code>{`${hint}…`}</Code>
        </>
      ),
      compare: (one, other) => one.name.localeCompare(other.name),
    },
    { id: 'scopes', header: 'May', cell: ({ scopes }) => scopes.join(', ') },
    { id: 'created', header: 'Created', cell: ({ created_at }) => <RelativeTime value={created_at} /> },
    {
      id: 'used',
      header: 'Last used',
      cell: ({ last_used_at }) => (last_used_at === null ? 'Never' : <RelativeTime value={last_used_at} />),
    },
    {
      id: 'expires',
      header: 'Expires',
      cell: ({ expires_at }) => (expires_at === null ? 'Never' : <DateTime value={expires_at} />),
    },
    {
      id: 'revoke',
      header: 'Action',
      align: 'right',
      cell: (key) => (
        <Button variant="default" size="xs" aria-label={`Revoke ${key.name}`} onClick={() => choose(key)}>
          Revoke
        </Button>
      ),
    },
  ];
}
