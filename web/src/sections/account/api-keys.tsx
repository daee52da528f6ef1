import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Empty } from '../../design/index.ts';
import { KeyTable } from '../../keys/key-table.tsx';
import { atCursor, firstPage, keys, nextPage, usePages } from '../../live/index.ts';
import { client } from '../../session/index.ts';
import { CreateKey } from './create-key.tsx';

/** The caller's keys for programs: made here, shown once, revoked here. */
export function ApiKeys() {
  const [creating, { open, close }] = useDisclosure();
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
        <OwnKeys />
      </Stack>
      {creating && <CreateKey onClose={close} />}
    </Card>
  );
}

function OwnKeys() {
  const cache = useQueryClient();
  const query = usePages({
    queryKey: keys.apiKeys(),
    queryFn: ({ pageParam, signal }) => client.apiKeys.list(atCursor(pageParam), { signal }),
    initialPageParam: firstPage,
    getNextPageParam: nextPage,
  });
  const revoke = async (id: string): Promise<void> => {
    await client.apiKeys.delete(id);
    await cache.invalidateQueries({ queryKey: keys.apiKeys() });
  };
  return (
    <KeyTable
      query={query}
      failure="Your keys could not be loaded."
      warning="Programs that use it stop working at once. This cannot be undone."
      revoke={revoke}
      empty={
        <Empty title="No keys yet" icon={IconKey}>
          Create one to place orders from a program, or to follow your events.
        </Empty>
      }
    />
  );
}
