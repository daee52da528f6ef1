import { Button, Group } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useInstallation, useLiveTotals } from '../../../live/index.ts';
import { formatCount } from '../../../money/index.ts';
import classes from '../operate.module.css';
import { RefreshButton } from '../refresh-button.tsx';

export interface NewOrdersProps {
  /** When the list was read: what was placed since is not in it. */
  readAt: number;
  busy: boolean;
  show: () => void;
}

/**
 * Says how many orders were placed since the list was read, and shows them when asked: on a busy day rows that came by
 * themselves would run away under the eyes.
 */
export function NewOrders({ readAt, busy, show }: NewOrdersProps) {
  useLiveTotals();
  const count = useInstallation().data?.totals.orders;
  const [seen, setSeen] = useState({ readAt, count });
  if (seen.readAt !== readAt || (seen.count === undefined && count !== undefined)) setSeen({ readAt, count });
  const fresh = count === undefined || seen.count === undefined ? 0 : count - seen.count;
  return (
    <Group className={classes['note'] ?? ''} gap="xs">
      <div role="status">
        {fresh > 0 && (
          <Button size="xs" leftSection={<IconArrowUp size={16} aria-hidden />} loading={busy} onClick={show}>
            {fresh === 1
              ? 'A new order was placed: show it'
              : `${formatCount(fresh)} new orders were placed: show them`}
          </Button>
        )}
      </div>
      {fresh <= 0 && <RefreshButton busy={busy} onClick={show} />}
    </Group>
  );
}
