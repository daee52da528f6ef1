import { Button } from '@mantine/core';
import type { UserDetailView } from '@millrace/contract';
import { useQueryClient } from '@tanstack/react-query';
import { Confirm, useConfirmed } from '../../../design/index.ts';
import { keys } from '../../../live/index.ts';
import { client, useUser } from '../../../session/index.ts';
import { userQuery } from '../queries.ts';

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
