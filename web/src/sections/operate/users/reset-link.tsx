import { Button, Stack, Text } from '@mantine/core';
import type { ResetLink as Link, UserDetailView } from '@millrace/contract';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { Code, Confirm, CopyButton, DateTime } from '../../../design/index.ts';
import { client } from '../../../session/index.ts';

/** Makes a one-time link to a new password, for a user who has forgotten it. */
export function ResetLink({ user: { id, name, role, is_protected } }: { user: UserDetailView }) {
  const [opened, { open, close }] = useDisclosure();
  const make = useMutation({ mutationFn: () => client.users.createResetLink(id) });
  if (is_protected || role === 'service') return null;
  const finish = (): void => {
    make.reset();
    close();
  };
  return (
    <>
      <Button variant="default" size="xs" onClick={open}>
        Reset link
      </Button>
      <Confirm
        opened={opened}
        title={make.data ? `The link for ${name}` : `Make a link to a new password for ${name}?`}
        action={make.data ? 'I have copied it' : 'Make link'}
        busy={make.isPending}
        error={make.error}
        onConfirm={() => (make.data ? finish() : make.mutate())}
        onClose={finish}
      >
        {make.data ? (
          <Made link={make.data} />
        ) : (
          'Anyone who opens it can set the password, once, within 24 hours: give it to this user only. An earlier link stops working, and the log says that you made this one.'
        )}
      </Confirm>
    </>
  );
}

function Made({ link: { path, expires_at } }: { link: Link }) {
  const url = new URL(path, globalThis.location.origin).href;
  return (
    <Stack gap="xs">
      <Text size="sm">
        It is shown this once, and good until <DateTime value={expires_at} />.
      </Text>
      <Code>{url}</Code>
      <CopyButton value={url} label="Copy the link" />
    </Stack>
  );
}
