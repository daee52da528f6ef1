import { Group, Skeleton, Text } from '@mantine/core';
import { Count, Failure, Money, Stat } from '../../design/index.ts';
import { useInstallation } from '../../live/index.ts';
import classes from './landing-page.module.css';

const FIGURES = 6;

/** This installation, as it is this second. */
export function LiveNumbers() {
  const { data, isPending, isError, error, refetch } = useInstallation();
  if (isError) return <Failure error={error} title="The numbers could not be read." retry={() => void refetch()} />;
  return (
    <div className={classes['numbers']}>
      <Group gap="xs">
        <span className={classes['pulse']} aria-hidden />
        <Text size="sm" fw={600} component="h2">
          Live from this installation
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
