import { Button, Card, Group, Select, Stack, Title } from '@mantine/core';
import type { HoldingSortName, HoldingView } from '@millrace/contract';
import {
  BusinessDate,
  type Column,
  DataTable,
  Empty,
  Loaded,
  Money,
  Rate,
  StatusBadge,
  TableSkeleton,
} from '../../design/index.ts';
import { usePages } from '../../live/index.ts';
import { Link, useUrlState, wordIn } from '../../navigation/index.ts';
import { holdingsQuery } from './queries.ts';

const STATUSES = [
  { value: 'open', label: 'Open for funding' },
  { value: 'repaying', label: 'Repaying' },
  { value: 'late', label: 'Late' },
  { value: 'repaid', label: 'Repaid' },
  { value: 'defaulted', label: 'Defaulted' },
  { value: 'expired', label: 'Expired' },
  { value: 'closed', label: 'Closed' },
] as const satisfies readonly { value: HoldingView['status']; label: string }[];

const SORTS = [
  'newest',
  'invested',
  'outstanding',
  'interest',
  'rate',
  'next_due',
] as const satisfies HoldingSortName[];
const STATUS_WORDS = STATUSES.map(({ value }) => value);

/** Each order that the server knows goes one way only: the next instalment first, and otherwise the most. */
const isDescending = (sort: HoldingSortName): boolean => sort !== 'next_due';

/** Every loan that one has put money into. */
export function Holdings() {
  const [{ status, sort }, change] = useUrlState((raw) => ({
    status: wordIn(raw, 'status', STATUS_WORDS),
    sort: wordIn(raw, 'sort', SORTS),
  }));
  const holdings = usePages(holdingsQuery({ ...(status && { status }), ...(sort && { sort }) }));
  const clear = (): void => change({ status: undefined });
  return (
    <Card component="section" aria-labelledby="holdings">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-end">
          <Title order={2} id="holdings">
            Holdings
          </Title>
          <Select
            label="Status"
            placeholder="All"
            clearable
            clearButtonProps={{ 'aria-label': 'Show all', size: 'sm' }}
            data={STATUSES}
            value={status ?? null}
            onChange={(next) => change({ status: next ?? undefined })}
          />
        </Group>
        <Loaded query={holdings} title="Your holdings could not be loaded." skeleton={<TableSkeleton rows={6} />}>
          {({ pages }) => (
            <DataTable
              label="Holdings"
              columns={COLUMNS}
              rows={pages.flatMap(({ data }) => data)}
              rowKey={({ loan_id }) => loan_id}
              sorting={{
                value: sort && { column: sort, descending: isDescending(sort) },
                change: ({ column }) => change({ sort: column === sort ? undefined : column }),
              }}
              more={{
                has: holdings.hasNextPage,
                busy: holdings.isFetchingNextPage,
                load: () => void holdings.fetchNextPage(),
              }}
              empty={
                <Empty title="No holding has this status" action={<Button onClick={clear}>Show all</Button>}>
                  Others may have another one.
                </Empty>
              }
            />
          )}
        </Loaded>
      </Stack>
    </Card>
  );
}

/** Ids are the server's names of the orders. */
const COLUMNS: Column<HoldingView>[] = [
  {
    id: 'purpose',
    header: 'Loan',
    title: true,
    cell: ({ loan_id, purpose }) => (
      <Link inherit to={`/loans/${loan_id}`}>
        {purpose}
      </Link>
    ),
  },
  { id: 'status', header: 'Status', cell: ({ status }) => <StatusBadge status={status} /> },
  {
    id: 'rate',
    header: 'Grade, rate',
    align: 'right',
    sortable: true,
    cell: ({ grade, apr }) => (
      <>
        {`${grade} `}
        <Rate value={apr} />
      </>
    ),
  },
  money('invested', 'Invested', ({ invested }) => invested),
  money('outstanding', 'Outstanding', ({ outstanding }) => outstanding),
  money('interest', 'Interest', ({ interest_received }) => interest_received),
  {
    id: 'next_due',
    header: 'Next due',
    align: 'right',
    sortable: true,
    cell: ({ next_due, asset }) =>
      next_due === null ? (
        '–'
      ) : (
        <>
          <Money amount={next_due.amount} asset={asset} />
          <br />
          <BusinessDate value={next_due.date} />
        </>
      ),
  },
];

function money(id: HoldingSortName, header: string, amountOf: (holding: HoldingView) => string): Column<HoldingView> {
  const cell = (holding: HoldingView) => <Money amount={amountOf(holding)} asset={holding.asset} />;
  return { id, header, align: 'right', sortable: true, cell };
}
