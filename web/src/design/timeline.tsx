import { Text, Timeline as MantineTimeline, VisuallyHidden } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import { IconPoint } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { formatDuration } from '../money/index.ts';
import { Moment } from './times.tsx';

export interface TimelineEntry {
  key: string;
  title: ReactNode;
  /** RFC 3339; absent: it has not happened yet. */
  at?: string;
  detail?: ReactNode;
  icon?: Icon;
  tone?: 'good' | 'bad' | 'wait' | 'calm' | 'accent';
}

/** How long after the entry before it each one was. */
function durationsOf(happened: readonly TimelineEntry[]): ReadonlyMap<string, string> {
  const times = happened.map(({ at }) => Date.parse(at ?? ''));
  return new Map(
    happened.slice(1).map(({ key }, index) => {
      return [key, ` · after ${formatDuration((times[index + 1] ?? 0) - (times[index] ?? 0))}`];
    }),
  );
}

/** What happened, oldest first. New entries are announced, by their titles: how long ago they were changes all the time. */
export function Timeline({ entries, label }: { entries: readonly TimelineEntry[]; label: string }) {
  const happened = entries.filter(({ at }) => at !== undefined);
  const took = durationsOf(happened);
  const [read] = useState(() => new Set(happened.map(({ key }) => key)));
  return (
    <>
      <VisuallyHidden role="log" aria-label={`${label}, as it happens`}>
        {happened
          .filter(({ key }) => !read.has(key))
          .map(({ key, title }) => (
            <div key={key}>{title}</div>
          ))}
      </VisuallyHidden>
      <div role="group" aria-label={label}>
        <MantineTimeline bulletSize={24} lineWidth={2} active={happened.length - 1}>
          {entries.map(({ key, title, at, detail, icon: EntryIcon = IconPoint, tone = 'accent' }) => (
            <MantineTimeline.Item
              key={key}
              title={title}
              bullet={<EntryIcon size={14} aria-hidden />}
              color={`var(--mr-${tone})`}
              lineVariant={at === undefined ? 'dashed' : 'solid'}
            >
              {detail !== undefined && (
                <Text size="sm" component="div">
                  {detail}
                </Text>
              )}
              {at !== undefined && (
                <Text size="xs" c="dimmed">
                  <Moment value={at} />
                  {took.get(key)}
                </Text>
              )}
            </MantineTimeline.Item>
          ))}
        </MantineTimeline>
      </div>
    </>
  );
}
