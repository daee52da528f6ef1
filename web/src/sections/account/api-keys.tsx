import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ApiKey } from '@millrace/contract';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import {
  Code,
  type Column,
  Confirm,
  DataTable,
  DateTime,
  Empty,
  Loaded,
  RelativeTime,
  TableSkeleton,
  useFocusBack,
} from '../../design/index.ts';
import { keys } from '../../live/index.ts';
import { client } from '../../session/index.ts';
import { CreateKey } from './create-key.tsx';

/** The caller's keys for programs: made here, shown once, revoked here. */
export function ApiKeys() {
  const [creating, { open, close }] = useDisclosure();
  const [revoked, setRevoked] = useState<ApiKey | null>(null);
  return (
    <Card component="section" aria-labelledby="api-keys">
      <Stack>
        <Group justify="space-between" align="flex-start">
          <div>
            <Title order={2} id="api-keys">
              API keys
            </Title>
            <Text c="dimmed" size="sm">
              For programs that act for you. Give each only what it needs.
            </Text>
          </div>
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            Create key
          </Button>
        </Group>
        <KeyTable revoke={setRevoked} />
      </Stack>
      {creating && <CreateKey onClose={close} />}
      {revoked && <RevokeKey apiKey={revoked} onClose={() => setRevoked(null)} />}
    </Card>
  );
}

function KeyTable({ revoke }: { revoke: (key: ApiKey) => void }) {
  const query = useInfiniteQuery({
    queryKey: keys.apiKeys(),
    queryFn: ({ pageParam, signal }) =>
      client.apiKeys.list(pageParam === null ? {} : { cursor: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ has_more, next_cursor }) => (has_more ? next_cursor : undefined),
  });
  const columns = useMemo(() => columnsOf(revoke), [revoke]);
  return (
    <Loaded query={query} title="Your keys could not be loaded." skeleton={<TableSkeleton rows={3} />}>
      {({ pages }) => (
        <DataTable
          label="API keys"
          columns={columns}
          rows={pages.flatMap(({ data }) => data)}
          rowKey={({ id }) => id}
          more={{ has: query.hasNextPage, busy: query.isFetchingNextPage, load: () => void query.fetchNextPage() }}
          empty={
            <Empty title="No keys yet" icon={IconKey}>
              Create one to place orders from a program, or to follow your events.
            </Empty>
          }
        />
      )}
    </Loaded>
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
        <Button variant="default" size="xs" aria-label={`Revoke ${key.name}`} onClick={() => revoke(key)}>
          Revoke
        </Button>
      ),
    },
  ];
}

function RevokeKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  useFocusBack();
  const cache = useQueryClient();
  const revocation = useMutation({
    mutationFn: () => client.apiKeys.delete(apiKey.id),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: keys.apiKeys() });
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
      Programs that use it stop working at once. This cannot be undone.
    </Confirm>
  );
}
