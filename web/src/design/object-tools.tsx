import { Anchor, Button, type ButtonProps, Code, Drawer, Group, Stack, VisuallyHidden } from '@mantine/core';
import { useClipboard, useDisclosure } from '@mantine/hooks';
import { IconBraces, IconCheck, IconCopy } from '@tabler/icons-react';
import { curlOf } from './curl.ts';

export interface CopyButtonProps extends Pick<ButtonProps, 'variant' | 'size'> {
  /** What is copied; a function where it has to be made. */
  value: string | (() => string);
  /** "Copy as curl" */
  label: string;
}

const SHOWN_MS = 2_000;

/** Copies a text, and says that it did. */
export function CopyButton({ value, label, variant = 'default', size = 'xs' }: CopyButtonProps) {
  const clipboard = useClipboard({ timeout: SHOWN_MS });
  return (
    <Button
      variant={variant}
      size={size}
      leftSection={clipboard.copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
      onClick={() => clipboard.copy(typeof value === 'string' ? value : value())}
    >
      {label}
      <VisuallyHidden role="status">{clipboard.copied ? 'Copied' : ''}</VisuallyHidden>
    </Button>
  );
}

export interface ObjectToolsProps {
  /** What was asked: `/v1/loans/loan_…`. */
  path: string;
  method?: 'GET' | 'POST' | 'DELETE';
  body?: unknown;
  /** What was answered. */
  json: unknown;
}

/** For developers, on every page that shows an object: the request as curl, and the answer as it came. */
export function ObjectTools({ path, method = 'GET', body, json }: ObjectToolsProps) {
  const [opened, { open, close }] = useDisclosure();
  return (
    <Group gap="xs">
      <CopyButton label="Copy as curl" value={() => curlOf({ origin: location.origin, method, path, body })} />
      <Button variant="default" size="xs" leftSection={<IconBraces size={16} aria-hidden />} onClick={open}>
        Raw JSON
      </Button>
      <Drawer
        opened={opened}
        onClose={close}
        position="right"
        size="lg"
        title={`${method} ${path}`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Json value={json} />
      </Drawer>
    </Group>
  );
}

/** Written out only while the drawer is open: lists are long, and change with every event. */
function Json({ value }: { value: unknown }) {
  const text = JSON.stringify(value, null, 2);
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <CopyButton label="Copy JSON" value={text} />
        <Anchor href="/swagger/" size="sm">
          Try it in Swagger
        </Anchor>
      </Group>
      <Code block tabIndex={0} aria-label="JSON" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {text}
      </Code>
    </Stack>
  );
}
