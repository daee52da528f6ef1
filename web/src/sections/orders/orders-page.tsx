import { Button, Card, Group, NativeSelect, Stack, Text } from '@mantine/core';
import type { WireOrder } from '@millrace/contract';
import { IconZoomExclamation } from '@tabler/icons-react';
import { useMemo } from 'react';
import {
  type Column,
  DataTable,
  Empty,
  Loaded,
  Page,
  RelativeTime,
  StatusBadge,
  TableSkeleton,
} from '../../design/index.ts';
import { usePages } from '../../live/index.ts';
import { ButtonLink, Link, useUrlState } from '../../navigation/index.ts';
import { CancelOrder, isCancelable, kindIcon } from '../../orders/index.ts';
import { type OrderFilters, ordersQuery, queryOf, readFilters } from './queries.ts';
import { ThingLink } from '../../things/index.ts';
import { kindLabel, ORDER_KINDS, ORDER_STATUSES, reasonWords, wordsOfName } from '../../wording/index.ts';
import { useCurrency } from './use-currency.ts';
import { type Currency, describeOrder, thingOfOrder } from './words.ts';

const KINDS = [{ value: '', label: 'All kinds' }, ...ORDER_KINDS.map((value) => ({ value, label: kindLabel(value) }))];
const STATUSES = [
  { value: '', label: 'Any status' },
  ...ORDER_STATUSES.map((value) => ({ value, label: wordsOfName(value) })),
];

function columnsOf(currency: Currency): Column<WireOrder>[] {
  return [
    {
      id: 'order',
      header: 'Order',
      title: true,
      cell: (order) => {
        const KindIcon = kindIcon(order.kind);
        const thing = thingOfOrder(order);
        return (
          <Group gap="sm" wrap="nowrap">
            <KindIcon size={20} stroke={1.6} aria-hidden style={{ flex: 'none' }} />
            <div>
              <Link
                to="/orders/$orderId"
                params={{ orderId: order.id }}
                fw={600}
                inherit
                style={{ overflowWrap: 'anywhere' }}
              >
                {describeOrder(order, currency)}
              </Link>
              {thing !== undefined && (
                <>
                  {' · '}
                  <ThingLink {...thing} />
                </>
              )}
            </div>
          </Group>
        );
      },
    },
    {
      id: 'status',
      header: 'Status',
      bare: true,
      cell: (order) => (
        <Stack gap={2} align="flex-start">
          <Group gap="xs">
            <StatusBadge status={order.status} />
            {isCancelable(order) && <CancelOrder id={order.id} what={describeOrder(order, currency)} />}
          </Group>
          {order.reason !== null && (
            <Text size="xs" c="dimmed" ta="left">
              {reasonWords(order.reason).title}
            </Text>
          )}
        </Stack>
      ),
    },
    {
      id: 'placed',
      header: 'Placed',
      align: 'right',
      bare: true,
      cell: ({ created_at }) => <RelativeTime value={created_at} />,
    },
  ];
}

/** One's own orders, newest first; they move as they are decided. */
export function OrdersPage() {
  const [filters, change] = useUrlState<OrderFilters>(readFilters);
  const select = (name: 'kind' | 'status', label: string, data: { value: string; label: string }[]) => (
    <NativeSelect
      label={label}
      data={data}
      value={filters[name] ?? ''}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <Page title="Orders" lead="Everything you have asked for, and what has become of it.">
      <Card>
        <search aria-label="Orders">
          <Group gap="sm" grow preventGrowOverflow={false}>
            {select('kind', 'Kind', KINDS)}
            {select('status', 'Status', STATUSES)}
          </Group>
        </search>
      </Card>
      <OrderList filters={filters} clear={() => change({ kind: undefined, status: undefined })} />
    </Page>
  );
}

function OrderList({ filters, clear }: { filters: OrderFilters; clear: () => void }) {
  const currency = useCurrency();
  const columns = useMemo(() => columnsOf(currency), [currency]);
  const query = usePages(ordersQuery(queryOf(filters)));
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage, isPlaceholderData } = query;
  const orders = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  const isFiltered = Object.values(filters).some((filter) => filter !== undefined);
  const empty = isFiltered ? (
    <Empty
      title="No order fits these filters"
      icon={IconZoomExclamation}
      action={<Button onClick={clear}>Clear the filters</Button>}
    />
  ) : (
    <Empty title="You have not placed an order yet" action={<ButtonLink to="/loans">Look at the loans</ButtonLink>}>
      Fund a loan or move money, and everything that becomes of it is here.
    </Empty>
  );
  return (
    <Card aria-busy={isPlaceholderData}>
      <Loaded query={query} title="The orders could not be loaded." skeleton={<TableSkeleton rows={10} />}>
        {() => (
          <DataTable
            label="Orders"
            columns={columns}
            rows={orders}
            rowKey={({ id }) => id}
            empty={hasNextPage ? undefined : empty}
            more={{ has: hasNextPage, busy: isFetchingNextPage, load: () => void fetchNextPage() }}
          />
        )}
      </Loaded>
    </Card>
  );
}
