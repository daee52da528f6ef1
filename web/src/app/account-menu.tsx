import { Avatar, Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconBook, IconLogout, IconSettings, IconTimelineEvent, IconUser } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { wordsOf } from '../design/failure.tsx';
import { useWithoutLive } from '../live/index.ts';
import { useSessionActions, useUser } from '../session/index.ts';

const SCHEMES = [
  { scheme: 'auto', label: 'As the system' },
  { scheme: 'light', label: 'Light' },
  { scheme: 'dark', label: 'Dark' },
] as const;

export function AccountMenu() {
  const user = useUser();
  const navigate = useNavigate();
  const { logOut } = useSessionActions();
  const withoutLive = useWithoutLive();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const end = async (): Promise<void> => {
    try {
      await withoutLive(logOut);
    } catch (error) {
      notifications.show({ title: 'You are still logged in', message: wordsOf(error), color: 'red.8' });
    }
  };
  return (
    <Menu position="bottom-end" width={260} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton aria-label={`Account of ${user.name}`} style={{ borderRadius: '50%' }}>
          <Avatar size={36} color="mill.7" variant="filled" aria-hidden>
            <IconUser size={20} aria-hidden />
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text fw={600} size="sm" truncate c="var(--mantine-color-text)" title={user.name}>
            {user.name}
          </Text>
          <Text size="xs" truncate title={user.email}>
            {user.email}
          </Text>
        </Menu.Label>
        <Menu.Item leftSection={<IconSettings size={16} />} onClick={() => void navigate({ to: '/settings' })}>
          Settings
        </Menu.Item>
        <Menu.Item component="a" href="/swagger/" leftSection={<IconBook size={16} />}>
          HTTP API
        </Menu.Item>
        <Menu.Item component="a" href="/docs/events" leftSection={<IconTimelineEvent size={16} />}>
          Event catalogue
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as typeof colorScheme)}>
          {SCHEMES.map(({ scheme, label }) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void end()}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
