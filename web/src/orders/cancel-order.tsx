import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Confirm, useConfirmed } from '../design/index.ts';
import { keys } from '../live/index.ts';
import { client } from '../session/index.ts';

/** Cancels an order, wherever it is shown, after a question. `what`: which one, where there are several. */
export function CancelOrder({ id, what }: { id: string; what?: string }) {
  const cache = useQueryClient();
  const { open, confirm } = useConfirmed(async () => {
    try {
      await client.orders.cancel(id);
    } finally {
      // Also where it came too late: then what is shown is out of date.
      for (const queryKey of [keys.order(id), keys.orders(), keys.accounts(), keys.pendingWithdrawals()])
        void cache.invalidateQueries({ queryKey });
    }
  });
  return (
    <>
      <Button
        variant="default"
        size="xs"
        {...(what === undefined ? {} : { 'aria-label': `Cancel: ${what}` })}
        onClick={open}
      >
        Cancel
      </Button>
      <Confirm
        {...confirm}
        title={what === undefined ? 'Cancel this order?' : `Cancel: ${what}?`}
        action="Cancel the order"
        dismiss="Keep it"
      >
        The money that was set aside is free again at once. This cannot be undone; you can place a new order.
      </Confirm>
    </>
  );
}
