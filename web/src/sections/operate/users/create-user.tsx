import { Button, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { MillraceError } from '@millrace/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Failure, fieldErrors, useFocusBack, useTextFields } from '../../../design/index.ts';
import { keys } from '../../../live/index.ts';
import { NewPassword } from '../../../passwords/new-password.tsx';
import { client } from '../../../session/index.ts';
import { wordsOfName } from '../../../wording/index.ts';
import { ROLES } from './user-actions.tsx';

type Person = Exclude<(typeof ROLES)[number], 'service'>;

/** Services are made on the command line: they have keys and no password. */
const PEOPLE = ROLES.filter((role): role is Person => role !== 'service');

/** Registers another user, with any role that a person may have. */
export function CreateUser({ onClose }: { onClose: () => void }) {
  useFocusBack();
  return (
    <Modal opened onClose={onClose} closeButtonProps={{ 'aria-label': 'Close' }} title="Create a user" centered>
      <UserForm onCreated={onClose} />
    </Modal>
  );
}

function UserForm({ onCreated }: { onCreated: () => void }) {
  const cache = useQueryClient();
  const { values, field } = useTextFields({ name: '', email: '', password: '' });
  const [role, setRole] = useState<Person>('investor');
  const creation = useMutation({
    // Without a role this would be a sign-up, which logs the browser in as the new user.
    mutationFn: () => client.auth.register({ ...values, role }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: keys.operate('users') });
      onCreated();
    },
  });
  const errors = errorsOf(creation.error);
  const isElsewhere = creation.isError && !Object.keys(errors).some((name) => name in values);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    creation.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput label="Name" autoComplete="off" data-autofocus maxLength={200} {...field('name', errors)} />
        <TextInput label="E-mail" type="email" autoComplete="off" {...field('email', errors)} />
        <NativeSelect
          label="Role"
          data={PEOPLE.map((value) => ({ value, label: wordsOfName(value) }))}
          value={role}
          onChange={({ currentTarget: { value } }) => setRole(PEOPLE.find((one) => one === value) ?? 'investor')}
        />
        <NewPassword
          owner={values}
          description="Tell it to the user: nobody can look it up afterwards."
          {...field('password', errors)}
        />
        {isElsewhere && <Failure error={creation.error} title="The user was not created." />}
        <Button type="submit" loading={creation.isPending}>
          Create user
        </Button>
      </Stack>
    </form>
  );
}

/** The one refusal that names no field is about the address. */
function errorsOf(error: unknown): Readonly<Record<string, string>> {
  const isTaken = error instanceof MillraceError && error.code === 'registration_refused';
  return isTaken ? { email: 'This address cannot be registered; it may be in use already.' } : fieldErrors(error);
}
