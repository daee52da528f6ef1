import { Group, Skeleton, Text } from '@mantine/core';
import type { StreamState } from '@millrace/client';
import { Count, Failure, Money, Stat } from '../../design/index.ts';
import { useInstallation, useLasting } from '../../live/index.ts';
import classes from './landing-page.module.css';

const FIGURES = 6;

/** This installation, as it is this second; where the connection is lost, as it was. */
export function LiveNumbers({ connection }: { connection: StreamState }) {
  const { data, isPending, isLoadingError, error, refetch } = useInstallation();
  const isLost = useLasting(connection !== 'open');
  if (isLoadingError)
    return <Failure error={error} title="The numbers could not be read." retry={() => void refetch()} />;
  return (
    <div className={classes['numbers']}>
      <Group gap="xs" role="status">
        <span className={classes['pulse']} data-lost={isLost || undefined} aria-hidden />
        <Text size="sm" fw={600} component="h2">
          {isLost ? 'Not live now: reconnecting …' : 'Live from this installation'}
        </Text>
      </Group>
      {isPending ? (
        <div className={classes['grid']}>
          {Array.from({ length: FIGURES }, (_, figure) => (
            <Skeleton key={figure} height={44} />
          ))}
        </div>
      ) : (
        <dl className={classes['grid']}>
          <Stat label="Put into loans">
            <Money amount={data.totals.funded} asset={data.currency.asset} compact />
          </Stat>
          <Stat label="Loans open now">
            <Count value={data.totals.loans_open} />
          </Stat>
          <Stat label="Principal repaid">
            <Money amount={data.totals.repaid} asset={data.currency.asset} compact />
          </Stat>
          <Stat label="Interest paid">
            <Money amount={data.totals.interest_paid} asset={data.currency.asset} compact />
          </Stat>
          <Stat label="Orders decided">
            <Count value={data.totals.orders} />
          </Stat>
          <Stat label="Orders a second">
            <Count value={data.totals.orders_per_second} />
          </Stat>
        </dl>
      )}
    </div>
  );
}
