import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import type { ConfirmProps } from './confirm.tsx';

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
