import { ActionIcon, Group, Indicator, Popover, ScrollArea, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { WireEventEnvelope } from '@millrace/contract';
import { IconBell } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Loaded } from '../design/loaded.tsx';
import { TextSkeleton } from '../design/skeletons.tsx';
import { Link } from '../navigation/index.ts';
import {
  markSeen,
  NoticeList,
  newestTime,
  useNotices,
  useNotifications,
  useSeenUntil,
  useUnseen,
} from '../notices/index.ts';
import { useUser } from '../session/index.ts';

/** What the bell shows; the page shows all. */
const SHOWN_MAX = 8;
const BADGE_MAX = 9;

export function Bell() {
  const user = useUser();
  const [opened, { close, toggle }] = useDisclosure();
  const { events, query } = useNotifications();
  const unseen = useUnseen(events, useSeenUntil(user.id) ?? user.created_at, BADGE_MAX + 1);
  const count = unseen > BADGE_MAX ? `${BADGE_MAX}+` : String(unseen);
  const label = unseen === 0 ? 'Notifications' : `Notifications, ${count} new`;
  return (
    <Popover
      opened={opened}
      onChange={(next) => !next && close()}
      position="bottom-end"
      width={340}
      trapFocus
      shadow="md"
    >
      <Indicator label={count} disabled={unseen === 0} size={18} offset={7} color="mill.8">
        <Popover.Target>
          <ActionIcon variant="subtle" color="gray" size={36} aria-label={label} onClick={toggle}>
            <IconBell size={20} color="var(--mantine-color-text)" aria-hidden />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown aria-label="Notifications">
        <Group justify="space-between">
          <Text fw={600}>Notifications</Text>
          <Link to="/notifications" size="sm" onClick={close}>
            See all
          </Link>
        </Group>
        <ScrollArea.Autosize mah="60vh">
          <Loaded query={query} title="Your notifications could not be loaded." skeleton={<TextSkeleton lines={4} />}>
            {() => <Newest events={events} userId={user.id} close={close} />}
          </Loaded>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}

interface NewestProps {
  events: readonly WireEventEnvelope[];
  userId: string;
  close: () => void;
}

/** Put into words only while it is open; what comes meanwhile is seen too. */
function Newest({ events, userId, close }: NewestProps) {
  const items = useNotices(events, SHOWN_MAX);
  const newest = newestTime(events);
  useEffect(() => {
    if (newest !== undefined) markSeen(userId, newest);
  }, [userId, newest]);
  if (items.length > 0) return <NoticeList items={items} onOpen={close} />;
  return (
    <Text size="sm" c="dimmed" py="md">
      Nothing yet. What happens to your orders and your money shows up here.
    </Text>
  );
}
