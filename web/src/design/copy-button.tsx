import { Button, type ButtonProps, VisuallyHidden } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';

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
