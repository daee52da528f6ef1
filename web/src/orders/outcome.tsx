import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import type { OrderKindName, WireOrder } from '@millrace/contract';
import type { ReactNode } from 'react';
import { Failure } from '../design/index.ts';
import { Link } from '../navigation/index.ts';
import { isOutcomeUnknown } from '../wording/index.ts';
import { Refused } from './outlook.tsx';
import type { Placing } from './ticket.ts';

export interface NoAnswerProps {
  error: unknown;
  /** As in "Your $50.00 was not invested." */
  failed: string;
  /** As in "Whether your $50.00 arrived is not known." */
  unknown: string;
  /** As in "the same investment acts once". */
  noun: string;
  retry: () => void;
}

/** The server would not take the order, or nobody knows whether it has. */
export function NoAnswer({ error, failed, unknown, noun, retry }: NoAnswerProps) {
  if (!isOutcomeUnknown(error)) return <Failure error={error} title={failed} retry={retry} />;
  return (
    <>
      <Failure error={error} title={unknown} retry={retry} />
      <Text size="sm" c="dimmed">
        Trying again is safe: the same {noun} acts once. Before you make another one, look at{' '}
        <Link to="/orders" underline="always">
          your orders
        </Link>
        .
      </Text>
    </>
  );
}

export interface OutcomeProps<Kind extends OrderKindName> {
  placing: Placing<Kind>;
  /** What is said of an order that was done. */
  children: (answer: WireOrder) => ReactNode;
}

/** What has become of an order: on its way, done, refused, or not known. */
export function Outcome<Kind extends OrderKindName>({ placing, children }: OutcomeProps<Kind>) {
  const { sent, answer, isPending, error, place, reset } = placing;
  if (!sent) return <div role="status" />;
  return (
    <Stack gap="xs" align="flex-start">
      <div role="status">
        {isPending ? (
          <Group gap="sm" wrap="nowrap">
            <Loader size="sm" aria-hidden />
            <Text>It is on its way …</Text>
          </Group>
        ) : answer?.status === 'rejected' || answer?.status === 'failed' ? (
          <Refused before="It was refused, and no money was moved." reason={answer.reason} />
        ) : (
          answer && children(answer)
        )}
      </div>
      {!isPending && error !== null && (
        <NoAnswer
          error={error}
          failed="The order was not placed."
          unknown="Whether the order arrived is not known."
          noun="order"
          retry={() => place(sent.ticket)}
        />
      )}
      {!isPending && (
        <Group gap="xs">
          {answer && (
            <Link to="/orders/$orderId" params={{ orderId: answer.id }} underline="always" size="sm">
              See the order
            </Link>
          )}
          <Button variant="default" size="xs" onClick={reset}>
            Dismiss
          </Button>
        </Group>
      )}
    </Stack>
  );
}
