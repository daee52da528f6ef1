import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import type { OrderExplanationView } from '@millrace/contract';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Code, DateTime, RelativeTime, Timeline } from '../../design/index.ts';
import { Link } from '../../navigation/index.ts';
import classes from './orders.module.css';
import { useUser } from '../../session/index.ts';
import { pageOf, thingOf } from '../../things/index.ts';
import { Postings } from './postings.tsx';
import { kindLabel, reasonWords } from '../../wording/index.ts';
import { EventTable, RecipientsTable } from './recipients.tsx';
import { timelineOf } from './timeline.ts';
import { useCurrency } from './use-currency.ts';
import { type Field, fieldsOf } from './words.ts';

export interface OrderExplanationProps {
  explanation: OrderExplanationView;
  /** Adds accounts with links, events with their place in the log, who was told, retries and the dead letter. */
  isOperator: boolean;
  /** Reads it again: who was told is not told to anybody. */
  lookAgain: () => void;
}

/** Why an order is as it is. */
export function OrderExplanation({ explanation, isOperator, lookAgain }: OrderExplanationProps) {
  const { order, events, told } = explanation;
  const currency = useCurrency();
  const result = fieldsOf(order, 'result', currency);
  return (
    <Stack gap="lg">
      <WhyNot explanation={explanation} />
      <div className={classes['columns']}>
        <Part title="What happened">
          <Timeline entries={timelineOf(explanation)} label="What happened to the order" />
        </Part>
        <Part title="What was asked">
          <dl className={classes['pairs']}>
            <dt>Kind</dt>
            <dd>{kindLabel(order.kind)}</dd>
            <Fields fields={fieldsOf(order, 'params', currency)} />
            <dt>Placed</dt>
            <dd>
              <DateTime value={order.created_at} />
            </dd>
            {isOperator && order.user_id !== null && (
              <>
                <dt>By</dt>
                <dd>
                  <Link to="/operate/users/$userId" params={{ userId: order.user_id }} title={order.user_id}>
                    {order.names?.[order.user_id] ?? order.user_id}
                  </Link>
                </dd>
              </>
            )}
          </dl>
          {result.length > 0 && (
            <>
              <Title order={3} mt="lg" mb="xs">
                What came of it
              </Title>
              <dl className={classes['pairs']}>
                <Fields fields={result} />
              </dl>
            </>
          )}
        </Part>
      </div>
      <Part title="What it moved">
        <Postings explanation={explanation} isOperator={isOperator} />
      </Part>
      {isOperator && (
        <>
          <Part
            title="Who was told"
            action={
              <Button
                variant="default"
                size="xs"
                leftSection={<IconRefresh size={16} aria-hidden />}
                onClick={lookAgain}
              >
                Look again
              </Button>
            }
          >
            <RecipientsTable told={told} />
          </Part>
          <Part title="Events">
            <EventTable events={events} />
          </Part>
          <Part title="How it came in">
            <CameIn explanation={explanation} />
          </Part>
        </>
      )}
    </Stack>
  );
}

function Part({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  const id = title.toLowerCase().replaceAll(' ', '-');
  return (
    <Card component="section" aria-labelledby={id} h="100%">
      <Group justify="space-between" mb="md" gap="xs">
        <Title order={2} id={id}>
          {title}
        </Title>
        {action}
      </Group>
      {children}
    </Card>
  );
}

/** The reason of a refusal, what is being waited for, and what has gone wrong. */
function WhyNot({ explanation }: { explanation: OrderExplanationView }) {
  const { order, waits_for, retries, dead_letter } = explanation;
  const words = order.reason === null ? undefined : reasonWords(order.reason);
  const waiting = waits_for && (
    <Text>
      <b>It waits.</b> {waits_for.what} Since <RelativeTime value={waits_for.since} />
      {waits_for.until !== null && (
        <>
          , until <DateTime value={waits_for.until} /> at the latest
        </>
      )}
      .
    </Text>
  );
  if (!words && !waiting && !retries && !dead_letter) return null;
  return (
    <Alert
      variant="outline"
      color={words ? 'var(--mr-bad)' : 'var(--mr-wait)'}
      icon={<IconAlertTriangle size={20} aria-hidden />}
      aria-label="Why it is as it is"
    >
      <Stack gap={4}>
        {words && (
          <Text>
            <b>{words.title}</b> {words.advice}
          </Text>
        )}
        {waiting}
        {retries && (
          <Text>
            Tried {retries.attempts} times so far
            {retries.next_at !== null && (
              <>
                , again <RelativeTime value={retries.next_at} />
              </>
            )}
            . {retries.last_error !== null && <Code>{retries.last_error}</Code>}
          </Text>
        )}
        {dead_letter && (
          <Text>
            Became a dead letter <RelativeTime value={dead_letter.created_at} />
            {dead_letter.retried_at === null ? ', and has not been retried.' : ', and was retried since.'}{' '}
            {dead_letter.error !== null && <Code>{dead_letter.error}</Code>}
          </Text>
        )}
      </Stack>
    </Alert>
  );
}

function Fields({ fields }: { fields: readonly Field[] }) {
  return fields.map(({ name, label, value, id }) => (
    <div key={name} style={{ display: 'contents' }}>
      <dt>{label}</dt>
      <dd>
        <Value value={value} id={id} />
      </dd>
    </div>
  ));
}

/** An id that has a page leads there. */
function Value({ value, id }: Pick<Field, 'value' | 'id'>) {
  const { role } = useUser();
  const page = id === undefined ? undefined : pageOf(id, role);
  if (page === undefined) return value;
  const thing = thingOf(id);
  return (
    <Link to={page} underline="always" title={id}>
      {value === id && thing ? `See the ${thing.label.toLowerCase()}` : value}
    </Link>
  );
}

function CameIn({ explanation: { idempotency, summary } }: { explanation: OrderExplanationView }) {
  const key = idempotency.key_used === null ? 'not known' : idempotency.key_used ? 'yes' : 'no';
  return (
    <Stack gap="xs">
      <Text>{summary}</Text>
      <dl className={classes['pairs']}>
        <dt>Id chosen by the client</dt>
        <dd>{idempotency.id_chosen_by_client ? 'yes' : 'no'}</dd>
        <dt>Idempotency key used</dt>
        <dd>{key}</dd>
      </dl>
    </Stack>
  );
}
