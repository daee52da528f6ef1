import { Button, Card, Group, Text, Title } from '@mantine/core';
import type { TrialBalanceAssetView, TrialBalanceLineView } from '@millrace/contract';
import { IconAlertTriangle, IconScale } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { type Column, Count, DataTable, DateTime, Loaded, Money, TableSkeleton, Tag } from '../../../design/index.ts';
import { signOf } from '../../../money/index.ts';
import { assetLabel, type Names, purposeLabel } from '../../../wording/index.ts';
import { RefreshButton } from '../list-tools.tsx';
import { trialBalanceQuery } from '../queries.ts';

/** Currencies come first; each loan's notes are an asset of their own, of which a few show what they are. */
const ASSETS_SHOWN = 8;

export interface TrialBalanceProps {
  /** The asset whose purposes are shown; undefined: none. */
  asset: string | undefined;
  choose: (asset: string) => void;
}

/** The sums of all accounts by asset, with zero said where it has to be. */
export function TrialBalance({ asset, choose }: TrialBalanceProps) {
  const balance = useQuery(trialBalanceQuery());
  const [shown, setShown] = useState(ASSETS_SHOWN);
  const names = balance.data?.names;
  const columns = useMemo(() => assetColumns(asset, choose, names), [asset, choose, names]);
  return (
    <Card component="section" aria-labelledby="trial-balance">
      <Group justify="space-between" mb="sm" align="flex-start">
        <div>
          <Group gap="sm">
            <Title order={2} id="trial-balance">
              Trial balance
            </Title>
            {balance.data && <Verdict balanced={balance.data.balanced} />}
          </Group>
          <Text size="sm" c="dimmed">
            {balance.data ? (
              <>
                <Count value={balance.data.accounts} /> accounts, as of <DateTime value={balance.data.at} />.
              </>
            ) : (
              'Every account is added up.'
            )}
          </Text>
        </div>
        <RefreshButton busy={balance.isFetching} onClick={() => void balance.refetch()} />
      </Group>
      <Loaded
        query={balance}
        title="The trial balance could not be loaded."
        skeleton={<TableSkeleton rows={ASSETS_SHOWN} />}
      >
        {({ unbalanced, assets }) => (
          <>
            {unbalanced.length > 0 && (
              <Text role="alert" c="var(--mr-bad)" mb="sm">
                Do not sum to zero: {unbalanced.join(', ')}. Stop what moves money, and verify the books below.
              </Text>
            )}
            <DataTable
              label="Assets"
              columns={columns}
              rows={assets.slice(0, shown)}
              rowKey={(line) => line.asset}
              more={{ has: assets.length > shown, busy: false, load: () => setShown(shown + 10 * ASSETS_SHOWN) }}
            />
            {asset !== undefined && <Purposes asset={asset} />}
          </>
        )}
      </Loaded>
    </Card>
  );
}

function Verdict({ balanced }: { balanced: boolean }) {
  return balanced ? (
    <Tag tone="good" icon={IconScale} label="Every asset sums to zero" />
  ) : (
    <Tag tone="bad" icon={IconAlertTriangle} label="The books are wrong" />
  );
}

type Sums = Pick<TrialBalanceAssetView, 'accounts' | 'debit' | 'credit' | 'balance' | 'asset'>;

function sumColumns<Row extends Sums>(balanceHeader: string): Column<Row>[] {
  return [
    { id: 'accounts', header: 'Accounts', align: 'right', cell: ({ accounts }) => <Count value={accounts} /> },
    {
      id: 'debit',
      header: 'Debit',
      align: 'right',
      cell: ({ debit, asset }) => <Money amount={debit} asset={asset} />,
    },
    {
      id: 'credit',
      header: 'Credit',
      align: 'right',
      cell: ({ credit, asset }) => <Money amount={credit} asset={asset} />,
    },
    {
      id: 'balance',
      header: balanceHeader,
      align: 'right',
      cell: ({ balance, asset }) => <Money amount={balance} asset={asset} />,
    },
  ];
}

function assetColumns(
  chosen: string | undefined,
  choose: (asset: string) => void,
  names: Names | undefined,
): Column<TrialBalanceAssetView>[] {
  return [
    {
      id: 'asset',
      header: 'Asset',
      title: true,
      cell: ({ asset }) => <span title={asset}>{assetLabel(asset, names)}</span>,
    },
    ...sumColumns<TrialBalanceAssetView>('Sum'),
    {
      id: 'verdict',
      header: 'Balances',
      cell: ({ balance }) =>
        signOf(balance) === 0 ? (
          <Tag tone="good" icon={IconScale} label="Zero" />
        ) : (
          <Tag tone="bad" icon={IconAlertTriangle} label="Not zero" />
        ),
    },
    {
      id: 'more',
      header: 'Purposes',
      align: 'right',
      cell: ({ asset }) => (
        <Button
          variant="default"
          size="xs"
          aria-label={`${asset === chosen ? 'Hide' : 'Show'} the purposes of ${assetLabel(asset, names)}`}
          onClick={() => choose(asset === chosen ? '' : asset)}
        >
          {asset === chosen ? 'Hide' : 'Show'}
        </Button>
      ),
    },
  ];
}

const PURPOSE_COLUMNS: readonly Column<TrialBalanceLineView>[] = [
  { id: 'purpose', header: 'Purpose', title: true, cell: ({ purpose }) => purposeLabel(purpose) },
  ...sumColumns<TrialBalanceLineView>('Balance'),
];

function Purposes({ asset }: { asset: string }) {
  const balance = useQuery(trialBalanceQuery(asset));
  return (
    <section aria-labelledby="purposes" style={{ marginTop: 24 }}>
      <Title order={3} id="purposes" mb="xs" style={{ overflowWrap: 'anywhere' }}>
        {asset} by purpose
      </Title>
      <Loaded query={balance} title="Its purposes could not be loaded." skeleton={<TableSkeleton rows={4} />}>
        {({ lines }) => (
          <DataTable
            label={`${asset} by purpose`}
            columns={PURPOSE_COLUMNS}
            rows={lines.filter((line) => line.asset === asset)}
            rowKey={({ purpose }) => purpose}
          />
        )}
      </Loaded>
    </section>
  );
}
