import { Button, Card, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Failure, Page } from '../../design/index.ts';
import { useInstallation } from '../../live/index.ts';
import { Link } from '../../navigation/index.ts';
import { useSessionActions } from '../../session/index.ts';
import { DemoLogins } from './demo-logins.tsx';
import { useGoOn } from './next-page.ts';

export function LogInPage() {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { logIn } = useSessionActions();
  const goOn = useGoOn();
  const search: Record<string, unknown> = useSearch({ strict: false });
  const { data: installation } = useInstallation();
  const login = useMutation({ mutationFn: logIn, onSuccess: goOn });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    login.mutate({ email, password });
  };
  return (
    <Stack maw={440} mx="auto">
      <Page title="Log in" {...(search['next'] === undefined ? {} : { lead: 'Then you are back where you were.' })}>
        <Card>
          <form onSubmit={submit}>
            <Stack>
              <TextInput
                label="E-mail"
                type="email"
                autoComplete="username"
                required
                value={email}
                onChange={(event) => setEmail(event.currentTarget.value)}
              />
              <PasswordInput
                label="Password"
                autoComplete="current-password"
                required
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
              {login.isError && <Failure error={login.error} title="You are not logged in." />}
              <Button type="submit" loading={login.isPending}>
                Log in
              </Button>
              <Text size="sm">
                No account yet?{' '}
                <Link to="/signup" search={search} underline="always">
                  Sign up
                </Link>
              </Text>
            </Stack>
          </form>
        </Card>
        {installation?.demo && <DemoLogins users={installation.demo.users} />}
      </Page>
    </Stack>
  );
}
