import { Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconInfoCircle } from '@tabler/icons-react';
import { RelativeTime } from '../design/times.tsx';
import { Link } from '../navigation/index.ts';
import type { Notice } from '../sections/section.ts';
import { ThingLink, thingOf } from '../things/index.ts';
import classes from './notice-list.module.css';
import type { Notification } from './use-notifications.ts';

const ICONS = { good: IconCircleCheck, bad: IconCircleX, neutral: IconInfoCircle } as const;
const COLORS = { good: 'var(--mr-good)', bad: 'var(--mr-bad)', neutral: 'var(--mr-accent)' } as const;

export function NoticeIcon({ tone }: { tone: Notice['tone'] }) {
  const ToneIcon = ICONS[tone];
  return <ToneIcon size={20} color={COLORS[tone]} aria-hidden style={{ flex: 'none', marginTop: 1 }} />;
}

/** Notices, newest first. */
export function NoticeList({ items, onOpen }: { items: readonly Notification[]; onOpen?: () => void }) {
  return (
    <ul className={classes['list']}>
      {items.map(({ event, notice }) => (
        <li key={event.id} className={classes['item']}>
          <Group gap="sm" wrap="nowrap" align="flex-start">
            <NoticeIcon tone={notice.tone} />
            <Stack gap={2} style={{ minWidth: 0 }}>
              {notice.to === undefined ? (
                <Text size="sm" fw={600}>
                  {notice.title}
                </Text>
              ) : (
                <Link to={notice.to} size="sm" fw={600} onClick={onOpen}>
                  {notice.title}
                </Link>
              )}
              {notice.detail !== undefined && <Text size="sm">{notice.detail}</Text>}
              {notice.thing !== undefined && (
                <Text size="sm">
                  {thingOf(notice.thing)?.label}:{' '}
                  <ThingLink id={notice.thing} name={event.names?.[notice.thing]} onOpen={onOpen} />
                </Text>
              )}
              <Text size="xs" c="dimmed">
                <RelativeTime value={event.time} />
              </Text>
            </Stack>
          </Group>
        </li>
      ))}
    </ul>
  );
}
