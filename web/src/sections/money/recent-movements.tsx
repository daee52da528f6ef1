import { Button, Card, Group, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { MillraceError } from '@millrace/client';
import type { WireAccount } from '@millrace/contract';
import { REASONS } from '@millrace/contract/vocabulary';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import {
  type Column,
  DataTable,
  Empty,
  Failure,
  Loaded,
  Outdated,
  RelativeTime,
  SignedMoney,
  StatusBadge,
  TableSkeleton,
  wordsOf,
} from '../../design/index.ts';
import { formatMoney } from '../../money/index.ts';
import { ThingName } from '../../things/index.ts';
import { ButtonLink, Link } from '../../navigation/index.ts';
import { CancelOrder, type Submissions } from '../../orders/index.ts';
import { landedOf, type Movement, movementsOf } from './movements.ts';
import { pendingWithdrawalsQuery, recentLinesQuery } from './queries.ts';
import type { Kind } from './money-order.ts';

export interface RecentMovementsProps {
  account: WireAccount;
  submissions: Submissions<Kind>;
}

/** What was asked for, what waits, and what has moved lately; kept fresh by one's own events. */
export function RecentMovements({ account, submissions }: RecentMovementsProps) {
  const lines = useQuery({ ...recentLinesQuery(account.id), enabled: account.id !== '' });
  const pending = useQuery(pendingWithdrawalsQuery);
  const { list, dismiss } = submissions;
  const sources = { submissions: list, pending: pending.data ?? [], lines: lines.data ?? [] };
  const movements = movementsOf({ ...sources, asset: account.asset });
  const landed = landedOf(sources);
  useEffect(() => {
    if (landed !== undefined) dismiss(landed);
  }, [landed, dismiss]);
  return (
    <Card component="section" aria-labelledby="movements">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} id="movements">
            Recent movements
          </Title>
          <ButtonLink to="/statement" variant="default" size="xs">
            Whole statement
          </ButtonLink>
        </Group>
        <Announcement newest={movements[0]} asset={account.asset} />
        <Outdated query={pending} />
        {pending.isError && !pending.data && (
          <Failure
            error={pending.error}
            title="Pending withdrawals could not be loaded."
            retry={() => void pending.refetch()}
          />
        )}
        {account.id === '' ? (
          <MovementTable movements={movements} asset={account.asset} submissions={submissions} />
        ) : (
          <Loaded query={lines} title="The movements could not be loaded." skeleton={<TableSkeleton rows={6} />}>
            {() => <MovementTable movements={movements} asset={account.asset} submissions={submissions} />}
          </Loaded>
        )}
      </Stack>
    </Card>
  );
}

const STATUS_WORDS = {
  sending: 'being sent',
  pending: 'pending',
  completed: 'completed',
  rejected: 'refused',
  unsure: 'not confirmed',
  turned_down: 'not accepted',
};

/** For those who do not see the row change. */
function Announcement({ newest, asset }: { newest: Movement | undefined; asset: string }) {
  const words = newest && `${newest.what} ${formatMoney(newest.amount, asset)}: ${STATUS_WORDS[newest.status]}`;
  return <VisuallyHidden role="status">{words}</VisuallyHidden>;
}

interface MovementTableProps {
  movements: readonly Movement[];
  asset: string;
  submissions: Submissions<Kind>;
}

function MovementTable({ movements, asset, submissions }: MovementTableProps) {
  const { send, dismiss } = submissions;
  const columns = useMemo(() => columnsOf(asset, { send, dismiss }), [asset, send, dismiss]);
  return (
    <DataTable
      label="Recent movements"
      columns={columns}
      rows={movements}
      rowKey={({ id }) => id}
      empty={<Empty title="Nothing has moved yet">Make a deposit above, and it appears here.</Empty>}
    />
  );
}

function What({ movement: { what, orderId } }: { movement: Movement }) {
  if (orderId === null) return <>{what}</>;
  return (
    <Link inherit to={`/orders/${orderId}`}>
      {what}
    </Link>
  );
}

type Actions = Pick<Submissions<Kind>, 'send' | 'dismiss'>;

function columnsOf(asset: string, actions: Actions): Column<Movement>[] {
  return [
    {
      id: 'what',
      header: 'What',
      title: true,
      cell: (movement) => (
        <>
          <What movement={movement} />{' '}
          <ThingName thing={movement.loan && { id: movement.loan.id, name: movement.loan.purpose }} />
        </>
      ),
    },
    { id: 'at', header: 'When', bare: true, cell: ({ at }) => <RelativeTime value={at} /> },
    {
      id: 'status',
      header: 'Status',
      bare: true,
      cell: (movement) => <Status movement={movement} actions={actions} />,
    },
    {
      id: 'amount',
      header: 'Amount',
      align: 'right',
      bare: true,
      cell: ({ amount }) => <SignedMoney amount={amount} asset={asset} />,
    },
  ];
}

function Status({ movement, actions }: { movement: Movement; actions: Actions }) {
  const { status, submission, isCancelable, id } = movement;
  return (
    <Stack gap={4} align="flex-start">
      <Group gap="xs">
        {status === 'sending' ? (
          <StatusBadge status="pending" label="Sending" />
        ) : status === 'unsure' ? (
          <StatusBadge status="failed" label="Not confirmed" />
        ) : status === 'turned_down' ? (
          <StatusBadge status="rejected" label="Not accepted" />
        ) : submission === null && status === 'completed' ? (
          <Text size="sm" c="dimmed">
            Completed
          </Text>
        ) : (
          <StatusBadge status={status} />
        )}
        {isCancelable && <CancelOrder id={id} what={movement.what} />}
      </Group>
      {submission && <Outcome submission={submission} actions={actions} />}
    </Stack>
  );
}

function Outcome({
  submission: { order, state },
  actions,
}: {
  submission: NonNullable<Movement['submission']>;
  actions: Actions;
}) {
  const words = outcomeOf(state);
  if (words === undefined) return null;
  const canSend =
    state.name === 'unsure' ||
    (state.name === 'turned_down' && state.error instanceof MillraceError && state.error.retryable);
  return (
    <>
      <Text size="sm">{words}</Text>
      <Group gap="xs">
        {canSend && (
          <Button variant="default" size="xs" onClick={() => actions.send(order)}>
            Send again
          </Button>
        )}
        <Button variant="default" size="xs" onClick={() => actions.dismiss(order.id)}>
          Dismiss
        </Button>
      </Group>
    </>
  );
}

function outcomeOf(state: NonNullable<Movement['submission']>['state']): string | undefined {
  if (state.name === 'refused') {
    return `${state.reason === null ? 'It was refused.' : REASONS[state.reason]} No money was moved.`;
  }
  if (state.name === 'turned_down') return `${wordsOf(state.error)} No money was moved.`;
  return state.name === 'unsure' ? `${wordsOf(state.error)} Sent again, it still acts only once.` : undefined;
}
