import { ActionIcon, Group, Indicator, Popover, ScrollArea, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBell } from '@tabler/icons-react';
import { Loaded } from '../design/loaded.tsx';
import { TextSkeleton } from '../design/skeletons.tsx';
import { Link } from '../navigation/index.ts';
import { countUnseen, markSeen, NoticeList, useNotifications, useSeenUntil } from '../notices/index.ts';
import { useUser } from '../session/index.ts';

/** What the bell shows; the page shows all. */
const SHOWN_MAX = 8;
const BADGE_MAX = 9;

export function Bell() {
  const user = useUser();
  const [opened, { close, toggle }] = useDisclosure();
  const { items, query } = useNotifications();
  const seenUntil = useSeenUntil(user.id);
  const unseen = countUnseen(
    items.map(({ event }) => event),
    seenUntil ?? user.created_at,
  );
  const open = (): void => {
    toggle();
    const newest = items[0]?.event.time;
    if (!opened && newest !== undefined) markSeen(user.id, newest);
  };
  const label = unseen === 0 ? 'Notifications' : `Notifications, ${unseen} new`;
  return (
    <Popover
      opened={opened}
      onChange={(next) => !next && close()}
      position="bottom-end"
      width={340}
      trapFocus
      shadow="md"
    >
      <Indicator
        label={unseen > BADGE_MAX ? `${BADGE_MAX}+` : unseen}
        disabled={unseen === 0}
        size={18}
        offset={7}
        color="mill.8"
      >
        <Popover.Target>
          <ActionIcon variant="subtle" color="gray" size={36} aria-label={label} onClick={open}>
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
            {() =>
              items.length === 0 ? (
                <Text size="sm" c="dimmed" py="md">
                  Nothing yet. What happens to your orders and your money shows up here.
                </Text>
              ) : (
                <NoticeList items={items.slice(0, SHOWN_MAX)} onOpen={close} />
              )
            }
          </Loaded>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}
