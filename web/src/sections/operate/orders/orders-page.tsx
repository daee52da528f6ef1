import { Button, Card, NativeSelect } from '@mantine/core';
import { useMemo } from 'react';
import { Empty, ObjectTools } from '../../../design/index.ts';
import { useInstallation, usePages } from '../../../live/index.ts';
import { UrlDateInput, useUrlState } from '../../../navigation/index.ts';
import { kindLabel, ORDER_KINDS, ORDER_STATUSES, wordsOfName } from '../../../wording/index.ts';
import { ConsolePage } from '../console-page.tsx';
import { TextFilter } from '../list-tools.tsx';
import { Listing } from '../listing.tsx';
import classes from '../operate.module.css';
import { ordersQuery } from '../queries.ts';
import { isFiltered, isWrong, type OrderFilters, queryOf, readFilters } from './filters.ts';
import { NewOrders } from './new-orders.tsx';
import { orderColumns } from './order-columns.tsx';

/** The orders of all users. */
export function OrdersPage() {
  const [filters, change] = useUrlState(readFilters);
  const query = queryOf(filters);
  const orders = usePages({ ...ordersQuery(query), enabled: !isWrong(filters) });
  const { data: installation } = useInstallation();
  const columns = useMemo(() => orderColumns(installation?.currency, true), [installation]);
  const path = `/v1/orders?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString()}`;
  const clear = (): void =>
    change({ kind: undefined, status: undefined, user_id: undefined, from: undefined, to: undefined });
  return (
    <ConsolePage
      title="Everybody’s orders"
      lead="Newest first. Each leads to its page, which explains what became of it and why."
      actions={<ObjectTools path={path} json={orders.data?.pages[0] ?? null} />}
    >
      <Filters filters={filters} change={change} />
      <NewOrders
        readAt={orders.dataUpdatedAt}
        counted={!isFiltered(filters)}
        busy={orders.isFetching && !orders.isFetchingNextPage}
        show={() => void orders.refetch()}
      />
      <Card aria-busy={orders.isPlaceholderData}>
        {isWrong(filters) ? (
          <Empty title="This is no user’s id" action={<Button onClick={clear}>Clear the filters</Button>}>
            It begins with usr_; the page of a user shows it.
          </Empty>
        ) : (
          <Listing
            query={orders}
            label="Orders"
            failure="The orders could not be loaded."
            skeletonRows={12}
            columns={columns}
            rowKey={({ id }) => id}
            empty={
              <Empty title="No order fits" action={<Button onClick={clear}>Clear the filters</Button>}>
                Take a filter away, or look at all orders.
              </Empty>
            }
          />
        )}
      </Card>
    </ConsolePage>
  );
}

interface FiltersProps {
  filters: OrderFilters;
  change: (change: Partial<Record<keyof OrderFilters, string | undefined>>) => void;
}

function Filters({ filters, change }: FiltersProps) {
  const choice = (name: 'kind' | 'status', label: string, words: readonly string[]) => (
    <NativeSelect
      label={label}
      data={[
        { value: '', label: 'Any' },
        ...words.map((value) => ({ value, label: label === 'Kind' ? kindLabel(value) : wordsOfName(value) })),
      ]}
      value={filters[name] ?? ''}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <search className={classes['filters']} aria-label="Orders">
      {choice('kind', 'Kind', ORDER_KINDS)}
      {choice('status', 'Status', ORDER_STATUSES)}
      <UrlDateInput label="From" value={filters.from} max={filters.to} change={(from) => change({ from })} />
      <UrlDateInput label="To" value={filters.to} min={filters.from} change={(to) => change({ to })} />
      <TextFilter
        label="User’s id"
        placeholder="usr_…"
        value={filters.user_id}
        error={isWrong(filters) ? 'This is no user’s id.' : undefined}
        apply={(user_id) => change({ user_id })}
      />
    </search>
  );
}
