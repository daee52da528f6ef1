import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import type { User } from '@millrace/contract';
import { useMutation } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { type FormEvent, useState, useSyncExternalStore } from 'react';
import { Failure } from '../design/failure.tsx';
import { useFocusBack } from '../design/use-focus-back.ts';
import { expiry, leave, sessionChange, useSession, useSessionActions } from '../session/index.ts';

/**
 * Escape closes no dialog while something is over them all. Dialogs listen on the window before anything in the page can
 * stop the key: only who listened there earlier comes first, so that this is called before the page is made.
 */
export function keepEscapeFrom(isCovered: () => boolean): void {
  globalThis.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Escape' && isCovered()) event.stopImmediatePropagation();
    },
    { capture: true },
  );
}

/** Only what it asks for ends it. */
const UNCLOSABLE = {
  opened: true,
  onClose: () => {},
  withCloseButton: false,
  closeOnEscape: false,
  closeOnClickOutside: false,
  centered: true,
} as const;

/** Opens over the page when the session has expired. What was typed below stays, and what was sent goes out afterwards. */
export function RenewSession() {
  const waiting = useSyncExternalStore(expiry.subscribe, () => expiry.waiting);
  const user = useSession();
  if (!waiting || user === null) return null;
  return (
    <Modal {...UNCLOSABLE} title="Your session has expired">
      <RenewForm user={user} />
    </Modal>
  );
}

function RenewForm({ user }: { user: User }) {
  const [password, setPassword] = useState('');
  const { logIn } = useSessionActions();
  const here = useLocation({ select: ({ href }) => href });
  useFocusBack();
  const renewal = useMutation({
    mutationFn: () => logIn({ email: user.email, password }),
    onSuccess: () => expiry.settle(true),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    renewal.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>Enter your password to go on. Everything on this page stays as it is.</Text>
        {/* For password managers, which fill in what belongs to this name. */}
        <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
        <PasswordInput
          label={`Password of ${user.email}`}
          autoComplete="current-password"
          required
          data-autofocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {renewal.isError && <Failure error={renewal.error} title="You are not logged in yet." />}
        <Group justify="space-between">
          <Button variant="subtle" component="a" href={`/login?next=${encodeURIComponent(here)}`}>
            Leave this page
          </Button>
          <Button type="submit" loading={renewal.isPending}>
            Log in
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Covers a page that shows another user than the one who is logged in: nothing can be done here for either. */
export function SessionChanged() {
  const happened = useSyncExternalStore(sessionChange.subscribe, () => sessionChange.happened);
  const renewing = useSyncExternalStore(expiry.subscribe, () => expiry.waiting);
  const user = useSession();
  // Who is asked for a password over the page ends it with that: one question at a time.
  if (!happened || renewing) return null;
  return (
    <Modal {...UNCLOSABLE} title="Another user is logged in">
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
