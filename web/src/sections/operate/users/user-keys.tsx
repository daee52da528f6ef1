import { Card, Title } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Empty } from '../../../design/index.ts';
import { KeyTable } from '../../../keys/key-table.tsx';
import { keys, usePages } from '../../../live/index.ts';
import { client } from '../../../session/index.ts';
import { userKeysQuery } from '../queries.ts';

/** A user's keys for programs. An operator can revoke them, and sees no secret. */
export function UserKeys({ userId }: { userId: string }) {
  const cache = useQueryClient();
  const query = usePages(userKeysQuery(userId));
  const revoke = async (id: string): Promise<void> => {
    await client.users.deleteApiKey(userId, id);
    await cache.invalidateQueries({ queryKey: keys.operate('user', userId) });
  };
  return (
    <Card component="section" aria-labelledby="keys">
      <Title order={2} id="keys" mb="sm">
        API keys
      </Title>
      <KeyTable
        query={query}
        failure="The keys could not be loaded."
        warning="Programs that use it stop working at once. This cannot be undone; the user can make a new one."
        revoke={revoke}
        empty={
          <Empty title="No key" icon={IconKey}>
            No program acts for this user with a key of their own.
          </Empty>
        }
      />
    </Card>
  );
}
