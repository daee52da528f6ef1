import { Button, Card, Text, Title } from '@mantine/core';
import type { ApiKey } from '@millrace/contract';
import { IconKey } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import {
  Code,
  type Column,
  Confirm,
  DataTable,
  DateTime,
  Empty,
  Failure,
  RelativeTime,
  TableSkeleton,
  useFocusBack,
} from '../../../design/index.ts';
import { keys } from '../../../live/index.ts';
import { client } from '../../../session/index.ts';
import { userKeysQuery } from '../queries.ts';

/** A user's keys for programs. An operator can revoke them, and sees no secret. */
export function UserKeys({ userId }: { userId: string }) {
  const [revoked, setRevoked] = useState<ApiKey | null>(null);
  const query = useInfiniteQuery(userKeysQuery(userId));
  const columns = useMemo(() => columnsOf(setRevoked), []);
  return (
    <Card component="section" aria-labelledby="keys">
      <Title order={2} id="keys" mb="sm">
        API keys
      </Title>
      {query.isPending ? (
        <TableSkeleton rows={2} />
      ) : query.isError ? (
        <Failure error={query.error} title="The keys could not be loaded." retry={() => void query.refetch()} />
      ) : (
        <DataTable
          label="API keys"
          columns={columns}
          rows={query.data.pages.flatMap(({ data }) => data)}
          rowKey={({ id }) => id}
          more={{ has: query.hasNextPage, busy: query.isFetchingNextPage, load: () => void query.fetchNextPage() }}
          empty={
            <Empty title="No key" icon={IconKey}>
              No program acts for this user with a key of their own.
            </Empty>
          }
        />
      )}
      {revoked && <RevokeKey userId={userId} apiKey={revoked} onClose={() => setRevoked(null)} />}
    </Card>
  );
}

function columnsOf(revoke: (key: ApiKey) => void): Column<ApiKey>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      title: true,
      cell: ({ name, hint }) => (
        <>
          {name}
          <Text size="xs">
            <Code>{`${hint}…`}</Code>
          </Text>
        </>
      ),
    },
    { id: 'scopes', header: 'May', cell: ({ scopes }) => scopes.join(', ') },
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
        <Button variant="default" size="xs" aria-label={`Revoke ${key.name}`} onClick={() => revoke(key)}>
          Revoke
        </Button>
      ),
    },
  ];
}

function RevokeKey({ userId, apiKey, onClose }: { userId: string; apiKey: ApiKey; onClose: () => void }) {
  useFocusBack();
  const cache = useQueryClient();
  const revocation = useMutation({
    mutationFn: () => client.users.deleteApiKey(userId, apiKey.id),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: keys.operate('user', userId) });
      onClose();
    },
  });
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
      Programs that use it stop working at once. This cannot be undone; the user can make a new one.
    </Confirm>
  );
}
