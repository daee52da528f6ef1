import { Group, Skeleton, Text } from '@mantine/core';
import type { WireOrderRequest, WirePreview } from '@millrace/contract';
import type { Reason } from '@millrace/contract/vocabulary';
import { IconCircleX } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Money, Stat, Stats, wordsOf } from '../design/index.ts';
import { signOf } from '../money/index.ts';
import { reasonWords } from '../wording/index.ts';
import { previewQuery } from './ticket.ts';

/** Room for the figures, so that nothing below moves when they come. */
const HEIGHT = 52;

export interface OutlookProps {
  /** undefined: it is not whole, or is still being typed. */
  request: WireOrderRequest | undefined;
  /** What is shown of an order that would be done. */
  children: (preview: WirePreview) => ReactNode;
}

/** What an order would do now, while it is still being typed, or why it would be refused; without an order, the room for it. */
export function Outlook({ request, children }: OutlookProps) {
  return (
    <div role="status" style={{ minHeight: HEIGHT }}>
      {request === undefined ? (
        <Text size="sm" c="dimmed">
          What it changes is shown here before anything happens.
        </Text>
      ) : (
        <Previewed request={request}>{children}</Previewed>
      )}
    </div>
  );
}

function Previewed({ request, children }: OutlookProps & { request: WireOrderRequest }) {
  const preview = useQuery({ ...previewQuery(request), placeholderData: keepPreviousData });
  if (preview.isPending) return <Skeleton height={HEIGHT} />;
  if (preview.isError) return <Text size="sm">{`The outcome cannot be told now. ${wordsOf(preview.error)}`}</Text>;
  const { status, reason } = preview.data;
  return status === 'rejected' ? <Refused before="This would be refused." reason={reason} /> : children(preview.data);
}

/** A rule says no, or would. */
export function Refused({ before, reason }: { before: string; reason: Reason | null }) {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <IconCircleX size={20} color="var(--mr-bad)" aria-hidden style={{ flex: 'none', marginTop: 2 }} />
      <Text>{`${before} ${reason === null ? '' : reasonWords(reason).title}`.trim()}</Text>
    </Group>
  );
}

/** Which account: by its id, or, where it has none yet, the cash in an asset. */
export interface AccountAsked {
  id?: string;
  asset: string;
}

/** An account as it would be afterwards; nothing where the order does not touch it. */
export function BalanceAfter({ preview, account }: { preview: WirePreview; account: AccountAsked }) {
  const after = preview.balances.find(({ purpose, asset, account: id }) =>
    account.id ? id === account.id : purpose === 'cash' && asset === account.asset,
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
