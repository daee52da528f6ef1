import { Button, Card, NativeSelect, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { DataTable, Empty, Failure, ObjectTools, TableSkeleton } from '../../../design/index.ts';
import { useInstallation } from '../../../live/index.ts';
import { useUrlState } from '../../../navigation/index.ts';
import { ConsolePage } from '../console-page.tsx';
import classes from '../operate.module.css';
import { ordersQuery } from '../queries.ts';
import { wordsOfName } from '../words.ts';
import { ORDER_KINDS, ORDER_STATUSES, type OrderFilters, queryOf, readFilters } from './filters.ts';
import { NewOrders } from './new-orders.tsx';
import { orderColumns } from './order-columns.tsx';

/** The orders of all users. */
export function OrdersPage() {
  const [filters, change] = useUrlState(readFilters);
  const query = queryOf(filters);
  const orders = useInfiniteQuery(ordersQuery(query));
  const { data: installation } = useInstallation();
  const columns = useMemo(() => orderColumns(installation?.currency, true), [installation]);
  const rows = useMemo(() => orders.data?.pages.flatMap(({ data }) => data) ?? [], [orders.data]);
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
        busy={orders.isFetching && !orders.isFetchingNextPage}
        show={() => void orders.refetch()}
      />
      {orders.isError ? (
        <Failure error={orders.error} title="The orders could not be loaded." retry={() => void orders.refetch()} />
      ) : (
        <Card aria-busy={orders.isPlaceholderData}>
          {orders.isPending ? (
            <TableSkeleton rows={12} />
          ) : (
            <DataTable
              label="Orders"
              columns={columns}
              rows={rows}
              rowKey={({ id }) => id}
              // A page with a filter may hold nothing and still have more behind it.
              empty={
                orders.hasNextPage ? undefined : (
                  <Empty title="No order fits" action={<Button onClick={clear}>Clear the filters</Button>}>
                    Take a filter away, or look at all orders.
                  </Empty>
                )
              }
              more={{
                has: orders.hasNextPage,
                busy: orders.isFetchingNextPage,
                load: () => void orders.fetchNextPage(),
              }}
            />
          )}
        </Card>
      )}
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
      data={[{ value: '', label: 'Any' }, ...words.map((value) => ({ value, label: wordsOfName(value) }))]}
      value={filters[name] ?? ''}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
  const day = (name: 'from' | 'to', label: string) => (
    <TextInput
      label={label}
      type="date"
      value={filters[name] ?? ''}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <search className={classes['filters']} aria-label="Orders">
      {choice('kind', 'Kind', ORDER_KINDS)}
      {choice('status', 'Status', ORDER_STATUSES)}
      {day('from', 'From')}
      {day('to', 'To')}
      <TextInput
        // Typed half, it is no id yet; what the address says is one.
        key={filters.user_id ?? ''}
        label="User’s id"
        placeholder="usr_…"
        maxLength={40}
        defaultValue={filters.user_id ?? ''}
        onChange={(event) => {
          const user_id = event.currentTarget.value.trim();
          if (user_id === '' || readFilters({ user_id }).user_id !== undefined) change({ user_id });
        }}
      />
    </search>
  );
}
