import { Button, Group, VisuallyHidden } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { formatCount } from '../../../money/index.ts';
import { client } from '../../../session/index.ts';
import { RefreshButton } from '../list-tools.tsx';
import classes from '../operate.module.css';

export interface NewOrdersProps {
  /** When the list was read: what was placed since is not in it. 0: not yet. */
  readAt: number;
  /** Whether the list holds all orders: of a part of them nobody counts the new ones. */
  counted: boolean;
  busy: boolean;
  show: () => void;
}

/**
 * Says how many orders were placed since the list was read, and shows them when asked: on a busy day rows that came by
 * themselves would run away under the eyes.
 */
export function NewOrders({ readAt, counted, busy, show }: NewOrdersProps) {
  const fresh = useOrdersSince(counted ? readAt : 0);
  return (
    <Group className={classes['note'] ?? ''} gap="xs">
      {/* Said once: the number in the button moves up to once a second. */}
      <VisuallyHidden role="status">{fresh > 0 ? 'New orders were placed.' : ''}</VisuallyHidden>
      {fresh > 0 ? (
        <Button size="xs" leftSection={<IconArrowUp size={16} aria-hidden />} loading={busy} onClick={show}>
          {fresh === 1 ? 'A new order was placed: show it' : `${formatCount(fresh)} new orders were placed: show them`}
        </Button>
      ) : (
        <RefreshButton busy={busy} onClick={show} />
      )}
    </Group>
  );
}

/** How many orders were placed since a moment, told up to once a second. Counted from what is told first after it. */
function useOrdersSince(moment: number): number {
  const [told, setTold] = useState({ moment: 0, first: 0, last: 0 });
  useEffect(() => {
    if (moment === 0) return undefined;
    const following = client.installation.follow(({ orders }) =>
      setTold((before) =>
        before.moment === moment ? { ...before, last: orders } : { moment, first: orders, last: orders },
      ),
    );
    return () => following.close();
  }, [moment]);
  return told.moment === moment ? told.last - told.first : 0;
}
