import { Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';

export interface PageProps {
  /** The heading, and the document's title. */
  title: string;
  /** One sentence below the heading. */
  lead?: ReactNode;
  /** Buttons beside the heading. */
  actions?: ReactNode;
  /** Where the heading says more than the title, such as with a badge. */
  heading?: ReactNode;
  children: ReactNode;
}

/** The first page of a visit leaves the focus where the browser puts it; later ones move it to their heading. */
let isFirst = true;

/** For the heading of a page, which takes the focus after navigation; it needs `tabIndex={-1}`. */
export function useHeading(): RefObject<HTMLHeadingElement | null> {
  const element = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const { activeElement } = document;
    const isFree = activeElement === null || activeElement === document.body || activeElement.closest('nav, a, header');
    if (!isFirst && isFree) element.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  return element;
}

/** Every page: its title in the window and as the heading, which takes the focus after navigation. */
export function Page({ title, lead, actions, heading, children }: PageProps) {
  const element = useHeading();
  useEffect(() => {
    document.title = `${title} · Millrace`;
  }, [title]);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} style={{ minWidth: 0, flex: '1 1 16rem' }}>
          <Title order={1} ref={element} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
            {heading ?? title}
          </Title>
          {lead !== undefined && (
            <Text c="dimmed" maw="42rem" component="div">
              {lead}
            </Text>
          )}
        </Stack>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}
