import { Card, Group, NativeSelect, Text, Title } from '@mantine/core';
import type { LedgerAccountView, TransferReason, WireTransfer } from '@millrace/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import {
  Code,
  type Column,
  DateTime,
  Empty,
  Failure,
  Money,
  ObjectTools,
  Outdated,
  PageSkeleton,
  SignedMoney,
  Stat,
  Stats,
} from '../../../design/index.ts';
import { usePages } from '../../../live/index.ts';
import { negate } from '../../../money/index.ts';
import { ThingName } from '../../../things/index.ts';
import { useParam, useUrlState, wordIn } from '../../../navigation/index.ts';
import { assetLabel, purposeLabel, reasonLabel, TRANSFER_REASON_NAMES } from '../../../wording/index.ts';
import { ConsolePage } from '../console-page.tsx';
import { IdLink } from '../id-link.tsx';
import { RefreshButton } from '../list-tools.tsx';
import { Listing } from '../listing.tsx';
import classes from '../operate.module.css';
import { accountLinesQuery, ledgerAccountQuery } from '../queries.ts';

const DIRECTIONS = ['debit', 'credit'] as const;

interface LineFilters {
  reason: TransferReason | undefined;
  direction: (typeof DIRECTIONS)[number] | undefined;
}

function readFilters(raw: Record<string, unknown>): LineFilters {
  return { reason: wordIn(raw, 'reason', TRANSFER_REASON_NAMES), direction: wordIn(raw, 'direction', DIRECTIONS) };
}

/** One account of anybody's: what it holds, and every line. */
export function AccountPage() {
  const id = useParam('accountId');
  const account = useQuery(ledgerAccountQuery(id));
  if (!account.data) {
    if (account.isPending) return <PageSkeleton />;
    return (
      <ConsolePage title="Account">
        <Failure error={account.error} title="The account could not be loaded." retry={() => void account.refetch()} />
      </ConsolePage>
    );
  }
  const { purpose, asset, names } = account.data;
  return (
    <ConsolePage
      title={`${purposeLabel(purpose)} · ${assetLabel(asset, names)}`}
      lead={<Code>{id}</Code>}
      actions={<ObjectTools path={`/v1/ledger/accounts/${id}`} json={account.data} />}
    >
      <Outdated query={account} />
      <Figures account={account.data} />
      <Lines account={account.data} reread={() => void account.refetch()} />
    </ConsolePage>
  );
}

function Figures({ account }: { account: LedgerAccountView }) {
  const { owner, balance, held, available, asset, created_at, names } = account;
  return (
    <Card>
      <Stats>
        <Stat label="Balance">
          <Money amount={balance} asset={asset} />
        </Stat>
        <Stat label="Held" hint="set aside for orders that are not final">
          <Money amount={held} asset={asset} />
        </Stat>
        <Stat label="Available">
          <Money amount={available} asset={asset} />
        </Stat>
        <Stat label="Owner" size="md">
          {owner === 'installation' ? 'The installation' : <IdLink id={owner} names={names} />}
        </Stat>
        <Stat label="Opened" size="md">
          <DateTime value={created_at} />
        </Stat>
      </Stats>
    </Card>
  );
}

function columnsOf(asset: string): Column<WireTransfer>[] {
  return [
    {
      id: 'reason',
      header: 'Line',
      title: true,
      cell: ({ id, reason, loan }) => (
        <>
          {reasonLabel(reason)} <ThingName thing={loan && { id: loan.id, name: loan.purpose }} />
          <Text size="xs" c="dimmed">
            <Code>{id}</Code>
          </Text>
        </>
      ),
    },
    { id: 'at', header: 'When', cell: ({ at }) => <DateTime value={at} /> },
    { id: 'other', header: 'Other side', cell: ({ counterparty_purpose }) => purposeLabel(counterparty_purpose) },
    { id: 'order', header: 'Order', cell: ({ order_id }) => <IdLink id={order_id} /> },
    {
      id: 'amount',
      header: 'Amount',
      align: 'right',
      cell: ({ amount, direction }) => (
        <SignedMoney amount={direction === 'debit' ? negate(amount) : amount} asset={asset} />
      ),
    },
    {
      id: 'balance',
      header: 'Balance',
      align: 'right',
      cell: ({ balance }) => <Money amount={balance} asset={asset} />,
    },
  ];
}

function Lines({ account: { id, asset }, reread }: { account: LedgerAccountView; reread: () => void }) {
  const [filters, change] = useUrlState(readFilters);
  const query = useMemo(() => {
    const { reason, direction } = filters;
    return { ...(reason === undefined ? {} : { reason }), ...(direction === undefined ? {} : { direction }) };
  }, [filters]);
  const lines = usePages(accountLinesQuery(id, query));
  const columns = useMemo(() => columnsOf(asset), [asset]);
  const refresh = (): void => {
    reread();
    void lines.refetch();
  };
  return (
    <Card component="section" aria-labelledby="lines" aria-busy={lines.isPlaceholderData}>
      <Group justify="space-between" mb="sm">
        <Title order={2} id="lines">
          Lines
        </Title>
        <RefreshButton busy={lines.isFetching && !lines.isFetchingNextPage} onClick={refresh} />
      </Group>
      <search className={classes['filters']} aria-label="Lines">
        <NativeSelect
          label="Reason"
          data={[
            { value: '', label: 'Any' },
            ...TRANSFER_REASON_NAMES.map((value) => ({ value, label: reasonLabel(value) })),
          ]}
          value={filters.reason ?? ''}
          onChange={(event) => change({ reason: event.currentTarget.value })}
        />
        <NativeSelect
          label="Direction"
          data={[
            { value: '', label: 'Both' },
            { value: 'credit', label: 'Came in' },
            { value: 'debit', label: 'Went out' },
          ]}
          value={filters.direction ?? ''}
          onChange={(event) => change({ direction: event.currentTarget.value })}
        />
      </search>
      <div style={{ marginTop: 16 }}>
        <Listing
          query={lines}
          label="Lines"
          failure="The lines could not be loaded."
          skeletonRows={10}
          columns={columns}
          rowKey={(line) => line.id}
          empty={<Empty title="No line fits">Nothing like it has moved here.</Empty>}
        />
      </div>
    </Card>
  );
}
