import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import type { SessionView } from '@millrace/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { type Column, Confirm, DataTable, Loaded, RelativeTime, TableSkeleton, Tag } from '../../design/index.ts';
import { atCursor, firstPage, keys, nextPage, useWithoutLive, usePages } from '../../live/index.ts';
import { client, useSessionActions } from '../../session/index.ts';
import { deviceOf } from './device.ts';

/** Where one is logged in; each can be ended, and all at once. */
export function Sessions() {
  const [ending, setEnding] = useState<SessionView | 'all' | null>(null);
  return (
    <Card component="section" aria-labelledby="sessions">
      <Stack>
        <Group justify="space-between" align="flex-start">
          <div>
            <Title order={2} id="sessions">
              Sessions
            </Title>
            <Text c="dimmed" size="sm">
              Where you are logged in. End what you do not know, and change your password.
            </Text>
          </div>
          <Button variant="default" onClick={() => setEnding('all')}>
            Log out everywhere
          </Button>
        </Group>
        <SessionTable end={setEnding} />
      </Stack>
      {ending && <EndSessions ending={ending} onClose={() => setEnding(null)} />}
    </Card>
  );
}

function SessionTable({ end }: { end: (session: SessionView) => void }) {
  const columns = useMemo(() => columnsOf(end), [end]);
  const query = usePages({
    queryKey: keys.sessions(),
    queryFn: ({ pageParam, signal }) => client.sessions.list(atCursor(pageParam), { signal }),
    initialPageParam: firstPage,
    getNextPageParam: nextPage,
    staleTime: 0,
  });
  return (
    <Loaded query={query} title="Your sessions could not be loaded." skeleton={<TableSkeleton rows={2} />}>
      {({ pages }) => (
        <DataTable
          label="Sessions"
          columns={columns}
          rows={pages.flatMap(({ data }) => data)}
          rowKey={({ id }) => id}
          more={{ has: query.hasNextPage, busy: query.isFetchingNextPage, load: () => void query.fetchNextPage() }}
        />
      )}
    </Loaded>
  );
}

function columnsOf(end: (session: SessionView) => void): Column<SessionView>[] {
  return [
    {
      id: 'device',
      header: 'Device',
      title: true,
      cell: ({ user_agent, current }) => (
        <Group gap="xs">
          <span title={user_agent ?? ''}>{deviceOf(user_agent)}</span>
          {current && <Tag tone="good" label="This one" />}
        </Group>
      ),
    },
    { id: 'address', header: 'Address', cell: ({ address }) => address ?? 'Not known' },
    { id: 'since', header: 'Logged in', cell: ({ created_at }) => <RelativeTime value={created_at} /> },
    {
      id: 'used',
      header: 'Last used',
      cell: ({ last_used_at }) => (last_used_at === null ? 'Not yet' : <RelativeTime value={last_used_at} />),
    },
    {
      id: 'end',
      header: 'Action',
      align: 'right',
      cell: (session) =>
        session.current ? null : (
          <Button
            variant="default"
            size="xs"
            aria-label={`End the session of ${deviceOf(session.user_agent)}`}
            onClick={() => end(session)}
          >
            End
          </Button>
        ),
    },
  ];
}

function EndSessions({ ending, onClose }: { ending: SessionView | 'all'; onClose: () => void }) {
  const cache = useQueryClient();
  const { logOutEverywhere } = useSessionActions();
  const withoutLive = useWithoutLive();
  const isAll = ending === 'all';
  const end = useMutation({
    mutationFn: () => (isAll ? withoutLive(logOutEverywhere) : client.sessions.end(ending.id)),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: keys.sessions() });
      onClose();
    },
  });
  return (
    <Confirm
      opened
      title={isAll ? 'Log out everywhere?' : `End the session of ${deviceOf(ending.user_agent)}?`}
      action={isAll ? 'Log out everywhere' : 'End session'}
      danger
      busy={end.isPending}
      error={end.error}
      onConfirm={() => end.mutate()}
      onClose={onClose}
    >
      {isAll
        ? 'Every session ends at once, this one too. API keys stay.'
        : 'Open pages there stop at once. Anyone who knows the password can log in again.'}
    </Confirm>
  );
}
