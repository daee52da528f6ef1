import { Group, Skeleton, Text } from '@mantine/core';
import type { WireAccount, WirePreview } from '@millrace/contract';
import { REASONS } from '@millrace/contract/vocabulary';
import { IconCircleX } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Money, Stat, Stats, wordsOf } from '../../design/index.ts';
import { signOf } from '../../money/index.ts';
import { type MoneyOrder, previewQuery } from './queries.ts';

/** Room for the figures, so that nothing below moves when they come. */
const HEIGHT = 52;

/** What the order would do now, while it is still being typed; without an order, the room for it. */
export function OrderOutlook({ order, account }: { order: MoneyOrder | undefined; account: WireAccount }) {
  return (
    <div role="status" style={{ minHeight: HEIGHT }}>
      {order === undefined ? (
        <Text size="sm" c="dimmed">
          What it changes is shown here before anything happens.
        </Text>
      ) : (
        <Outlook order={order} account={account} />
      )}
    </div>
  );
}

function Outlook({ order, account }: { order: MoneyOrder; account: WireAccount }) {
  const preview = useQuery({ ...previewQuery(order), placeholderData: keepPreviousData });
  if (preview.isPending) return <Skeleton height={HEIGHT} />;
  if (preview.isError) return <Text size="sm">{`The outcome cannot be told now. ${wordsOf(preview.error)}`}</Text>;
  const { status, reason } = preview.data;
  if (status !== 'rejected') return <AfterOrder preview={preview.data} account={account} />;
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <IconCircleX size={20} color="var(--mr-bad)" aria-hidden style={{ flex: 'none', marginTop: 2 }} />
      <Text>{`This would be refused. ${reason === null ? '' : REASONS[reason]}`}</Text>
    </Group>
  );
}

/** The account as it would be afterwards. */
export function AfterOrder({ preview, account }: { preview: WirePreview; account: WireAccount }) {
  const after = preview.balances.find(({ purpose, asset, account: id }) =>
    account.id === '' ? purpose === 'cash' && asset === account.asset : id === account.id,
  );
  if (!after) return null;
  return (
    <Stats>
      <Stat label="Available afterwards">
        <Money amount={after.available} asset={after.asset} />
      </Stat>
      {signOf(after.held) !== 0 && (
        <Stat label="Set aside afterwards">
          <Money amount={after.held} asset={after.asset} />
        </Stat>
      )}
    </Stats>
  );
}
