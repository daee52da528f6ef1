import { Button, Card, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { Empty, Failure, fieldErrors, Page, useTextFields } from '../../design/index.ts';
import { ButtonLink } from '../../navigation/index.ts';
import { NewPassword } from '../../passwords/new-password.tsx';
import { client } from '../../session/index.ts';

/** Where an operator's one-time link leads. What it is good for stands behind #, which no server and no log gets to see. */
export function ResetPasswordPage() {
  const token = useLocation({ select: ({ hash }) => hash });
  return (
    <Stack maw={440} mx="auto">
      <Page title="Set a new password">
        <Card>{token === '' ? <NoLink /> : <ResetForm token={token} />}</Card>
      </Page>
    </Stack>
  );
}

function NoLink() {
  return (
    <Empty title="The link is not whole" action={<ButtonLink to="/login">Log in</ButtonLink>}>
      Open it again as it was given to you, to its end. Links to a new password are made by an operator.
    </Empty>
  );
}

function ResetForm({ token }: { token: string }) {
  const { values, field } = useTextFields({ new_password: '' });
  const reset = useMutation({ mutationFn: () => client.auth.resetPassword({ token, ...values }) });
  const errors = fieldErrors(reset.error);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    reset.mutate();
  };
  if (reset.isSuccess) {
    return (
      <Empty title="Your new password is set" action={<ButtonLink to="/login">Log in</ButtonLink>}>
        Every session that was open has ended. Log in with the new password.
      </Empty>
    );
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">The link is good once. Every session that is open ends when the password is set.</Text>
        <NewPassword label="New password" owner={{}} {...field('new_password', errors)} />
        {reset.isError && !('new_password' in errors) && (
          <Failure error={reset.error} title="The password was not set." />
        )}
        <Button type="submit" loading={reset.isPending}>
          Set password
        </Button>
      </Stack>
    </form>
  );
}
