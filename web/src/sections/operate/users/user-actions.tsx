import { Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ResetLink as Link, UserDetailView, UserEntryView } from '@millrace/contract';
import { IconBan, IconCheck } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Code, Confirm, CopyButton, DateTime, Tag, useConfirmed } from '../../../design/index.ts';
import { keys } from '../../../live/index.ts';
import { client, useUser } from '../../../session/index.ts';
import { userQuery } from '../queries.ts';

export const ROLES = ['investor', 'trader', 'operator', 'service'] as const satisfies readonly UserEntryView['role'][];

/** Whether a user may log in. */
export function AccessTag({ disabledAt }: { disabledAt: string | null }) {
  return disabledAt === null ? (
    <Tag tone="good" icon={IconCheck} label="Enabled" />
  ) : (
    <Tag tone="bad" icon={IconBan} label="Disabled" />
  );
}

/** Disables a user, or enables them again, after a question. */
export function AccessSwitch({ user }: { user: UserDetailView }) {
  const { id, name, disabled_at, is_protected } = user;
  const self = useUser();
  const cache = useQueryClient();
  const isDisabled = disabled_at !== null;
  const { open, confirm } = useConfirmed(async () => {
    const changed = await (isDisabled ? client.users.enable(id) : client.users.disable(id));
    cache.setQueryData(userQuery(id).queryKey, changed);
    void cache.invalidateQueries({ queryKey: keys.operate('users') });
  });
  // Nobody disables themselves, and Millrace has to work.
  if (is_protected || id === self.id) return null;
  return (
    <>
      <Button variant={isDisabled ? 'filled' : 'default'} size="xs" onClick={open}>
        {isDisabled ? 'Enable user' : 'Disable user'}
      </Button>
      <Confirm
        {...confirm}
        title={isDisabled ? `Enable ${name} again?` : `Disable ${name}?`}
        action={isDisabled ? 'Enable user' : 'Disable user'}
        danger={!isDisabled}
      >
        {isDisabled
          ? 'Password and API keys work again. Sessions do not come back: a new log-in is needed.'
          : 'Sessions, API keys and open pages end at once. The money stays where it is, and orders that were placed go on. You can take this back.'}
      </Confirm>
    </>
  );
}

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
