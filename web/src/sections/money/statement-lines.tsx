import { Button, Stack, Text } from '@mantine/core';
import type { WireAccount, WireTransfer } from '@millrace/contract';
import { useEffect, useMemo } from 'react';
import {
  type Column,
  DataTable,
  DateTime,
  Empty,
  Failure,
  Outdated,
  Money,
  SignedMoney,
  TableSkeleton,
} from '../../design/index.ts';
import { usePages } from '../../live/index.ts';
import { ThingName } from '../../things/index.ts';
import { ButtonLink, Link } from '../../navigation/index.ts';
import { signedAmount } from './amounts.ts';
import { type LinesQuery, linesQuery } from './queries.ts';
import { hasOrderPage, wordsOfMove } from './wording.ts';

/** Pages without a line that are read on by themselves: a filter may find its first line far back. Then a person decides. */
const EMPTY_PAGES_MAX = 20;

export interface StatementLinesProps {
  account: WireAccount;
  query: LinesQuery;
  /** Takes the filters away, where there are some. */
  clear: (() => void) | undefined;
}

export function StatementLines({ account, query, clear }: StatementLinesProps) {
  const lines = usePages(linesQuery(account.id, query));
  const { hasNextPage, isFetching, isError, fetchNextPage } = lines;
  const rows = useMemo(() => lines.data?.pages.flatMap(({ data }) => data) ?? [], [lines.data]);
  const pages = lines.data?.pages.length ?? 0;
  const readsOn = rows.length === 0 && hasNextPage && pages < EMPTY_PAGES_MAX;
  useEffect(() => {
    if (readsOn && !isFetching && !isError) void fetchNextPage();
  }, [readsOn, isFetching, isError, fetchNextPage]);
  const columns = useMemo(() => columnsOf(account.asset), [account.asset]);
  if (lines.isError && !lines.data) {
    return (
      <Failure error={lines.error} title="The statement could not be loaded." retry={() => void lines.refetch()} />
    );
  }
  if (lines.isPending || (readsOn && !lines.isError)) return <TableSkeleton rows={10} />;
  return (
    <Stack gap="sm">
      <Outdated query={lines} />
      <DataTable
        label="Statement"
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        more={{ has: hasNextPage, busy: lines.isFetchingNextPage, load: () => void fetchNextPage() }}
        empty={
          hasNextPage ? <FarBack load={() => void fetchNextPage()} busy={isFetching} /> : <Nothing clear={clear} />
        }
      />
      {rows.length > 0 && (
        <Text size="xs" c="dimmed" role="status">
          {hasNextPage ? `${rows.length} lines shown; there are more.` : `${rows.length} lines, all there are.`}
        </Text>
      )}
    </Stack>
  );
}

function Nothing({ clear }: { clear: (() => void) | undefined }) {
  if (clear) {
    return (
      <Empty title="No line fits these filters" action={<Button onClick={clear}>Clear the filters</Button>}>
        Choose a longer period, or show everything.
      </Empty>
    );
  }
  return (
    <Empty title="Nothing has moved yet" action={<ButtonLink to="/cash">Make a deposit</ButtonLink>}>
      Every movement of this account will be listed here.
    </Empty>
  );
}

function FarBack({ load, busy }: { load: () => void; busy: boolean }) {
  return (
    <Empty
      title="Nothing among the newest lines"
      action={
        <Button loading={busy} onClick={load}>
          Search further back
        </Button>
      }
    >
      What fits these filters may be older.
    </Empty>
  );
}

function What({ line }: { line: WireTransfer }) {
  const words = wordsOfMove(line.reason, line.direction);
  return hasOrderPage(line) ? (
    <Link inherit to={`/orders/${line.order_id}`}>
      {words}
    </Link>
  ) : (
    <>{words}</>
  );
}

function columnsOf(asset: string): Column<WireTransfer>[] {
  return [
    {
      id: 'what',
      header: 'What',
      title: true,
      cell: (line) => (
        <>
          <What line={line} /> <ThingName thing={line.loan && { id: line.loan.id, name: line.loan.purpose }} />
        </>
      ),
    },
    { id: 'at', header: 'When', bare: true, cell: ({ at }) => <DateTime value={at} /> },
    {
      id: 'amount',
      header: 'Amount',
      align: 'right',
      bare: true,
      cell: (line) => <SignedMoney amount={signedAmount(line)} asset={asset} />,
    },
    {
      id: 'balance',
      header: 'Balance',
      align: 'right',
      cell: ({ balance }) => <Money amount={balance} asset={asset} />,
    },
  ];
}
