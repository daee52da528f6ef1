import { Button, Card, Group, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { MillraceError } from '@millrace/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Failure, fieldErrors, useTextFields } from '../../design/index.ts';
import { keys } from '../../live/index.ts';
import { NewPassword } from '../../passwords/new-password.tsx';
import { client, useUser } from '../../session/index.ts';

/** The password, changed by who knows the current one. */
export function ChangePassword() {
  const [opened, setOpened] = useState(false);
  return (
    <Card component="section" aria-labelledby="password">
      <Stack>
        <Group justify="space-between" align="flex-start">
          <div>
            <Title order={2} id="password">
              Password
            </Title>
            <Text c="dimmed" size="sm">
              A new one ends every other session. API keys stay.
            </Text>
          </div>
          {!opened && (
            <Button variant="default" onClick={() => setOpened(true)}>
              Change password
            </Button>
          )}
        </Group>
        {opened && <PasswordForm onDone={() => setOpened(false)} />}
      </Stack>
    </Card>
  );
}

function PasswordForm({ onDone }: { onDone: () => void }) {
  const user = useUser();
  const cache = useQueryClient();
  const { values, field } = useTextFields({ current_password: '', new_password: '' });
  const change = useMutation({
    mutationFn: () => client.auth.changePassword(values),
    onSuccess: async () => {
      notifications.show({ title: 'Your password was changed', message: 'Every other session has ended.' });
      onDone();
      await cache.invalidateQueries({ queryKey: keys.sessions() });
    },
  });
  const errors = errorsOf(change.error);
  const isElsewhere = change.isError && !Object.keys(errors).some((name) => name in values);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack maw={440}>
        <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          data-autofocus
          {...field('current_password', errors)}
        />
        <NewPassword label="New password" owner={user} {...field('new_password', errors)} />
        {isElsewhere && <Failure error={change.error} title="Your password was not changed." />}
        <Group>
          <Button type="submit" loading={change.isPending}>
            Set new password
          </Button>
          <Button variant="subtle" onClick={onDone}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function errorsOf(error: unknown): Readonly<Record<string, string>> {
  const isWrong = error instanceof MillraceError && error.code === 'wrong_password';
  return isWrong ? { current_password: 'This is not your current password.' } : fieldErrors(error);
}
