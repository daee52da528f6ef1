import { Button, Card, Stack, Text, VisuallyHidden } from '@mantine/core';
import type { WireDeadLetter, WireOrder } from '@millrace/contract';
import { IconCheck, IconMoodHappy, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { type Column, Empty, ObjectTools, RelativeTime, StatusBadge, wordsOf } from '../../../design/index.ts';
import { keys, usePages } from '../../../live/index.ts';
import { thingIn, ThingName } from '../../../things/index.ts';
import { Link } from '../../../navigation/index.ts';
import { client } from '../../../session/index.ts';
import { kindLabel, reasonWords } from '../../../wording/index.ts';
import { ConsolePage } from '../console-page.tsx';
import { IdLink, QuietId } from '../id-link.tsx';
import { Listing } from '../listing.tsx';
import classes from '../operate.module.css';
import { useOverview } from '../overview/use-overview.ts';
import { deadLettersQuery } from '../queries.ts';
import { shortId } from '../words.ts';

/** Commands that failed technically and wait for an operator, with what became of those that were tried again. */
export function DeadLettersPage() {
  useNewLetters();
  const letters = usePages(deadLettersQuery);
  const rows = useMemo(() => letters.data?.pages.flatMap(({ data }) => data) ?? [], [letters.data]);
  const waiting = rows.filter(({ retried_at }) => retried_at === null).length;
  return (
    <ConsolePage
      title="Dead letters"
      lead="Orders that could not be decided for a technical reason. No money was moved. Mend the cause, then retry: each acts once. What contradicts the books can only be closed: find out first where the money is."
      actions={<ObjectTools path="/v1/dead-letters" json={letters.data?.pages[0] ?? null} />}
    >
      <VisuallyHidden role="status">
        {letters.isSuccess && (waiting === 0 ? 'Nothing waits.' : `${waiting} of the shown wait.`)}
      </VisuallyHidden>
      <Card>
        <Listing
          query={letters}
          label="Dead letters"
          failure="The dead letters could not be loaded."
          skeletonRows={4}
          columns={COLUMNS}
          rowKey={({ id }) => id}
          empty={
            <Empty title="Nothing waits – good" icon={IconMoodHappy}>
              An order that fails for a technical reason appears here at once.
            </Empty>
          }
        />
      </Card>
    </ConsolePage>
  );
}

/** The overview counts them: another number means another list. */
function useNewLetters(): void {
  const cache = useQueryClient();
  const waiting = useOverview().overview?.dead_letters.waiting;
  const before = useRef(waiting);
  useEffect(() => {
    if (before.current !== undefined && before.current !== waiting)
      void cache.invalidateQueries({ queryKey: keys.operate('dead-letters') });
    before.current = waiting;
  }, [cache, waiting]);
}

const COLUMNS: readonly Column<WireDeadLetter>[] = [
  {
    id: 'order',
    header: 'Order',
    title: true,
    cell: ({ order_id, kind, params, names }) => (
      <>
        <Link inherit underline="always" to={`/orders/${order_id}`} title={order_id}>
          {kindLabel(kind)}
        </Link>{' '}
        <ThingName thing={thingIn(params, names)} />
        <QuietId id={order_id} />
      </>
    ),
  },
  {
    id: 'user',
    header: 'User',
    cell: ({ user_id, names }) => (user_id === null ? 'Millrace' : <IdLink id={user_id} names={names} />),
  },
  { id: 'since', header: 'Since', cell: ({ created_at }) => <RelativeTime value={created_at} /> },
  {
    id: 'error',
    header: 'Error',
    cell: ({ error }) => (
      <Text size="sm" className={classes['wrap'] ?? ''} maw="28rem">
        {error}
      </Text>
    ),
  },
  { id: 'outcome', header: 'Outcome', align: 'right', cell: (letter) => <Outcome letter={letter} /> },
];

function Outcome({ letter }: { letter: WireDeadLetter }) {
  const cache = useQueryClient();
  const retry = useMutation({
    mutationFn: () => client.deadLetters.retry(letter.id),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.operate('dead-letters') }),
  });
  if (letter.contradiction && (letter.retried_at !== null || retry.isSuccess)) return <Unchanged />;
  const order: Pick<WireOrder, 'status' | 'reason'> | null =
    retry.data ?? (letter.outcome as Pick<WireOrder, 'status' | 'reason'> | null);
  // A retry that fails leaves the letter waiting, or brings a new one.
  const isOver = letter.retried_at !== null || (retry.isSuccess && retry.data.status !== 'failed');
  if (order !== null && isOver) return <Retried order={order} />;
  const act = letter.contradiction ? 'Close' : 'Retry';
  return (
    <Stack gap={4} align="flex-end">
      {retry.isSuccess && <Retried order={retry.data} />}
      <Button
        variant="default"
        size="xs"
        leftSection={letter.contradiction ? <IconCheck size={16} aria-hidden /> : <IconRefresh size={16} aria-hidden />}
        aria-label={`${act} ${kindLabel(letter.kind)} ${shortId(letter.order_id)}`}
        loading={retry.isPending}
        onClick={() => retry.mutate()}
      >
        {act}
      </Button>
      {retry.isError && (
        <Text size="sm" role="alert" c="var(--mr-bad)">
          {wordsOf(retry.error)}
        </Text>
      )}
    </Stack>
  );
}

/** Of a contradiction: it was looked at, and nothing was done. */
function Unchanged() {
  return (
    <Stack gap={4} align="flex-end" role="status">
      <StatusBadge status="closed" />
      <Text size="xs" c="dimmed">
        nothing was changed
      </Text>
    </Stack>
  );
}

function Retried({ order: { status, reason } }: { order: Pick<WireOrder, 'status' | 'reason'> }) {
  return (
    <Stack gap={4} align="flex-end" role="status">
      <StatusBadge status={status} />
      {reason !== null && (
        <Text size="xs" c="dimmed">
          {reasonWords(reason).title}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        after a retry
      </Text>
    </Stack>
  );
}
