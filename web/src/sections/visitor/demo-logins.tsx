import { Button, Card, Group, Stack, Text } from '@mantine/core';
import { IconUser } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Failure } from '../../design/index.ts';
import { useSessionActions } from '../../session/index.ts';
import { useGoOn } from './next-page.ts';

export interface DemoUser {
  role: string;
  email: string;
  password: string;
}

/** The logins that everybody knows, one click away: only a demo installation has any. */
export function DemoLogins({ users }: { users: readonly DemoUser[] }) {
  const { logIn } = useSessionActions();
  const goOn = useGoOn();
  const login = useMutation({
    mutationFn: ({ email, password }: DemoUser) => logIn({ email, password }),
    onSuccess: goOn,
  });
  return (
    <Card component="section" aria-label="Demo logins">
      <Stack gap="sm">
        <Text size="sm">
          <strong>This is a demo</strong> with play money. Look around as:
        </Text>
        <Group gap="xs">
          {users.map((user) => (
            <Button
              key={user.email}
              variant="default"
              leftSection={<IconUser size={16} aria-hidden />}
              loading={login.isPending && login.variables.email === user.email}
              onClick={() => login.mutate(user)}
            >
              Demo {user.role}
            </Button>
          ))}
        </Group>
        {login.isError && <Failure error={login.error} title="You are not logged in." />}
      </Stack>
    </Card>
  );
}
