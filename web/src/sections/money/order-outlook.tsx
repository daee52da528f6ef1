import { Group, Skeleton, Text } from '@mantine/core';
import type { WireAccount, WirePreview } from '@millrace/contract';
import { REASONS } from '@millrace/contract/reasons';
import { IconCircleX } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Money, Stat, Stats, wordsOf } from '../../design/index.ts';
import { signOf } from '../../money/index.ts';
import { type MoneyOrder, previewQuery } from './queries.ts';

/** What the order would do now, while it is still being typed. */
export function OrderOutlook({ order, account }: { order: MoneyOrder; account: WireAccount }) {
  const preview = useQuery({ ...previewQuery(order), placeholderData: keepPreviousData });
  return (
    <div role="status" style={{ minHeight: 52 }}>
      {preview.isPending ? (
        <Skeleton height={52} />
      ) : preview.isError ? (
        <Text size="sm">{`The outcome cannot be told now. ${wordsOf(preview.error)}`}</Text>
      ) : preview.data.status === 'rejected' ? (
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <IconCircleX size={20} color="var(--mr-bad)" aria-hidden style={{ flex: 'none', marginTop: 2 }} />
          <Text>{`This would be refused. ${preview.data.reason === null ? '' : REASONS[preview.data.reason]}`}</Text>
        </Group>
      ) : (
        <AfterOrder preview={preview.data} account={account} />
      )}
    </div>
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
