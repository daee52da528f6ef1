import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm } from '../design/index.ts';
import { keys } from '../live/index.ts';
import { client } from '../session/index.ts';

/** Cancels an order, wherever it is shown, after a question. `what`: which one, where there are several. */
export function CancelOrder({ id, what }: { id: string; what?: string }) {
  const [opened, setOpened] = useState(false);
  const cache = useQueryClient();
  const cancellation = useMutation({
    mutationFn: () => client.orders.cancel(id),
    onSuccess: () => setOpened(false),
    // Also where it came too late: then what is shown is out of date.
    onSettled: () => {
      for (const queryKey of [keys.order(id), keys.orders(), keys.accounts(), keys.pendingWithdrawals()])
        void cache.invalidateQueries({ queryKey });
    },
  });
  return (
    <>
      <Button
        variant="default"
        size="xs"
        {...(what === undefined ? {} : { 'aria-label': `Cancel: ${what}` })}
        onClick={() => setOpened(true)}
      >
        Cancel
      </Button>
      <Confirm
        opened={opened}
        title={what === undefined ? 'Cancel this order?' : `Cancel: ${what}?`}
        action="Cancel the order"
        dismiss="Keep it"
        busy={cancellation.isPending}
        error={cancellation.error}
        onConfirm={() => cancellation.mutate()}
        onClose={() => {
          cancellation.reset();
          setOpened(false);
        }}
      >
        The money that was set aside is free again at once. This cannot be undone; you can place a new order.
      </Confirm>
    </>
  );
}
