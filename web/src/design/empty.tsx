import { Stack, Text, ThemeIcon } from '@mantine/core';
import { type Icon, IconInbox } from '@tabler/icons-react';
import type { ReactNode } from 'react';

export interface EmptyProps {
  title: string;
  /** What to do next, in a sentence. */
  children?: ReactNode;
  /** The button that does it. */
  action?: ReactNode;
  icon?: Icon;
}

/** Nothing is here, and what to do about it. */
export function Empty({ title, children, action, icon: EmptyIcon = IconInbox }: EmptyProps) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md" ta="center">
      <ThemeIcon variant="transparent" size={40} color="gray" aria-hidden>
        <EmptyIcon size={32} stroke={1.5} color="var(--mantine-color-dimmed)" />
      </ThemeIcon>
      <Text fw={600}>{title}</Text>
      {children !== undefined && (
        <Text c="dimmed" maw="28rem" component="div">
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}
