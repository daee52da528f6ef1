import { Card, Stack, Title } from '@mantine/core';
import { Code, DateTime, ObjectTools, Page, Stat, Stats } from '../../design/index.ts';
import { useUser } from '../../session/index.ts';
import { ApiKeys } from './api-keys.tsx';
import { ChangePassword } from './change-password.tsx';
import { Sessions } from './sessions.tsx';

const ROLE_NAMES = { investor: 'Investor', trader: 'Trader', operator: 'Operator', service: 'Service' } as const;

export function SettingsPage() {
  const user = useUser();
  return (
    <Page title="Settings" actions={<ObjectTools path="/v1/me" json={user} />}>
      <Card component="section" aria-labelledby="profile">
        <Stack>
          <Title order={2} id="profile">
            Profile
          </Title>
          <Stats packed>
            <Stat label="Name" size="md">
              {user.name}
            </Stat>
            <Stat label="E-mail" size="md">
              {user.email}
            </Stat>
            <Stat label="Role" size="md">
              {ROLE_NAMES[user.role]}
            </Stat>
            <Stat label="Member since" size="md">
              <DateTime value={user.created_at} />
            </Stat>
          </Stats>
          <div>
            <Code>{user.id}</Code>
          </div>
        </Stack>
      </Card>
      <ChangePassword />
      <Sessions />
      <ApiKeys />
    </Page>
  );
}
