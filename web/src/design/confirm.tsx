import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure } from './failure.tsx';

export interface ConfirmProps {
  opened: boolean;
  title: string;
  /** What will happen, and whether it can be undone. */
  children: ReactNode;
  /** The verb of the button: "Revoke key". */
  action: string;
  /** Of the button that does nothing. Default "Cancel". */
  dismiss?: string;
  danger?: boolean;
  busy?: boolean;
  error?: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be taken back. */
export function Confirm(props: ConfirmProps) {
  const {
    opened,
    title,
    children,
    action,
    dismiss = 'Cancel',
    danger = false,
    busy = false,
    error,
    onConfirm,
    onClose,
  } = props;
  return (
    <Modal
      opened={opened}
      // What is under way is not taken back by looking away: its outcome is still shown here.
      onClose={() => !busy && onClose()}
      title={title}
      centered
      closeButtonProps={{ 'aria-label': 'Close', disabled: busy }}
    >
      <Stack>
        <Text component="div">{children}</Text>
        {error !== undefined && error !== null && <Failure error={error} />}
        <Group justify="flex-end">
          <Button variant="default" disabled={busy} onClick={onClose}>
            {dismiss}
          </Button>
          <Button {...(danger ? { color: 'red.8' } : {})} loading={busy} onClick={onConfirm}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/**
 * Something that is done after a question: what opens the question, and what its `Confirm` takes. The question closes when `act`
 * has come to its end, and forgets a failure when it is given up.
 */
export function useConfirmed(act: () => Promise<unknown>): {
  open: () => void;
  confirm: Pick<ConfirmProps, 'opened' | 'busy' | 'error' | 'onConfirm' | 'onClose'>;
} {
  const [opened, { open, close }] = useDisclosure();
  const { mutate, isPending: busy, error, reset } = useMutation({ mutationFn: act, onSuccess: close });
  const onClose = (): void => {
    reset();
    close();
  };
  return { open, confirm: { opened, busy, error, onConfirm: () => mutate(), onClose } };
}
