import { useBlocker } from '@tanstack/react-router';
import { Confirm } from '../../../design/index.ts';

/** Asks before an operator leaves the page while loans are being opened: the rows that are left would not be sent. */
export function LeaveQuestion({ isRunning }: { isRunning: boolean }) {
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) => isRunning && current.pathname !== next.pathname,
    enableBeforeUnload: isRunning,
    withResolver: true,
  });
  return (
    <Confirm
      opened={leaving.status === 'blocked'}
      title="Leave while loans are being opened?"
      action="Leave"
      danger
      onConfirm={() => leaving.proceed?.()}
      onClose={() => leaving.reset?.()}
    >
      The loans that were not sent yet are not opened. Sent again from the same list, no loan is opened twice.
    </Confirm>
  );
}
