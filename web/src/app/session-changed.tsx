import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { expiry, leave, sessionChange, useSession } from '../session/index.ts';

/** Covers a page that shows another user than the one who is logged in: nothing can be done here for either. */
export function SessionChanged() {
  const happened = useSyncExternalStore(sessionChange.subscribe, () => sessionChange.happened);
  const renewing = useSyncExternalStore(expiry.subscribe, () => expiry.waiting);
  const user = useSession();
  // Who is asked for a password over the page ends it with that: one question at a time.
  if (!happened || renewing) return null;
  return (
    <Modal
      opened
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      centered
      title="Another user is logged in"
    >
      <Stack>
        <Text>
          This page is {user ? `${user.name}’s` : 'another user’s'}. Since it was opened, another user has logged in in
          this browser, so what you last asked for here was not done.
        </Text>
        <Group justify="flex-end">
          <Button data-autofocus onClick={leave}>
            Load the page of who is logged in
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
