import { Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { StatusBadge } from '../../design/index.ts';
import { compare, formatMoney } from '../../money/index.ts';
import { Link } from '../../navigation/index.ts';
import { NoAnswer } from '../../orders/index.ts';
import { reasonWords } from '../../wording/index.ts';
import { amountOf, type Placed } from './pending.ts';
import type { Funding } from './use-funding.ts';

export interface InvestOutcomeProps {
  placed: Placed;
  funding: Funding;
  asset: string;
  again: () => void;
}

/** What has become of the investment: on its way, accepted, refused, or not known. */
export function InvestOutcome({ placed, funding, asset, again }: InvestOutcomeProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const { order, answer } = placed;
  const asked = formatMoney(String(order.amount), asset);
  return (
    <Stack gap="sm" ref={box} tabIndex={-1} style={{ outline: 'none' }}>
      <div role="status">
        {answer ? (
          <Answer placed={placed} asset={asset} />
        ) : funding.error === null || funding.isPending ? (
          <Group gap="sm" wrap="nowrap">
            <Loader size="sm" aria-hidden />
            <Text>Your investment of {asked} is on its way …</Text>
          </Group>
        ) : null}
      </div>
      {answer === undefined && !funding.isPending && funding.error !== null && (
        <NoAnswer
          error={funding.error}
          failed={`Your ${asked} was not invested.`}
          unknown={`Whether your ${asked} arrived is not known.`}
          noun="investment"
          retry={() => funding.place(order)}
        />
      )}
      {!funding.isPending && (
        <Group>
          {answer && (
            <Link to="/orders/$orderId" params={{ orderId: answer.id }} underline="always" size="sm">
              See the order
            </Link>
          )}
          <Button variant="default" size="xs" onClick={again}>
            {answer?.status === 'completed' ? 'Invest more' : 'Change the amount'}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Answer({ placed, asset }: { placed: Placed; asset: string }) {
  const { answer, order } = placed;
  if (!answer) return null;
  const accepted = amountOf(placed);
  if (answer.status === 'completed') {
    const isPart = compare(accepted, String(order.amount)) < 0;
    return (
      <Stack gap={4}>
        <div>
          <StatusBadge status="completed" label="Accepted" />
        </div>
        <Title order={3}>{formatMoney(accepted, asset)} invested</Title>
        {isPart && (
          <Text size="sm">
            You offered {formatMoney(String(order.amount), asset)}; this was all that was still open.
          </Text>
        )}
      </Stack>
    );
  }
  const words = answer.reason === null ? undefined : reasonWords(answer.reason);
  return (
    <Stack gap={4}>
      <div>
        <StatusBadge status={answer.status} />
      </div>
      <Title order={3}>{words?.title ?? 'It was not accepted.'}</Title>
      <Text size="sm">{words?.advice} No money was moved.</Text>
    </Stack>
  );
}
