import { Card, Skeleton } from '@mantine/core';
import type { WireAccount } from '@millrace/contract';
import { useQuery } from '@tanstack/react-query';
import { BusinessDate, Failure, Money, Outdated, Stat, Stats } from '../../design/index.ts';
import { balancesQuery } from './queries.ts';
import { queryOf, type StatementFilters } from './statement-filters.ts';

/** What the account had before the period, and after it: also where lines are left out in between. */
export function Balances({ account, filters }: { account: WireAccount; filters: StatementFilters }) {
  const { from, to } = filters;
  const balances = useQuery(balancesQuery(account.id, queryOf(filters)));
  const { data, isError, error, refetch } = balances;
  if (isError && !data)
    return <Failure error={error} title="The balances could not be loaded." retry={() => void refetch()} />;
  const amount = (of: 'opening' | 'closing') =>
    data ? <Money amount={data[of]} asset={account.asset} /> : <Skeleton height={24} width={120} />;
  return (
    <Card component="section" aria-label="Balances" aria-busy={balances.isPlaceholderData}>
      <Outdated query={balances} />
      <Stats packed>
        <Stat
          label="Opening balance"
          hint={
            from ? (
              <>
                before <BusinessDate value={from} />
              </>
            ) : (
              'before the first line'
            )
          }
        >
          {amount('opening')}
        </Stat>
        <Stat
          label="Closing balance"
          hint={
            to ? (
              <>
                at the end of <BusinessDate value={to} />
              </>
            ) : (
              'now'
            )
          }
        >
          {amount('closing')}
        </Stat>
      </Stats>
    </Card>
  );
}
