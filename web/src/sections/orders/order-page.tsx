import { Button, Group } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Code, Confirm, Failure, ObjectTools, Outdated, Page, PageSkeleton, StatusBadge } from '../../design/index.ts';
import { keys, useChannel } from '../../live/index.ts';
import { LoanLink } from '../../loan-names/index.ts';
import { useParam } from '../../navigation/index.ts';
import { client, useUser } from '../../session/index.ts';
import { OrderExplanation } from './order-explanation.tsx';
import { explanationQuery } from './queries.ts';
import { useCurrency } from './use-currency.ts';
import { describeOrder, isCancelable, loanOf } from './words.ts';

/** One order, explained: for its owner, and with more for operators. */
export function OrderPage() {
  const id = useParam('orderId');
  const { role } = useUser();
  const isOperator = role === 'operator';
  // Somebody else's order moves on the operators' channel only.
  useChannel(isOperator ? 'operators' : undefined);
  const currency = useCurrency();
  const query = useQuery(explanationQuery(id));
  const { data, isPending, isLoadingError, error, refetch } = query;
  if (isPending) return <PageSkeleton />;
  if (isLoadingError)
    return (
      <Page title="Order">
        <Failure error={error} title="The order could not be loaded." retry={() => void refetch()} />
      </Page>
    );
  const { order } = data;
  const loan = loanOf(order);
  return (
    <Page
      title={describeOrder(order, currency)}
      lead={
        <Group gap="xs" role="status">
          <StatusBadge status={order.status} />
          <Code>{order.id}</Code>
          {loan !== undefined && <LoanLink id={loan} />}
        </Group>
      }
      actions={
        <>
          {isCancelable(order) && <CancelOrder id={id} />}
          <ObjectTools path={`/v1/orders/${id}/explanation`} json={data} />
        </>
      }
    >
      <Outdated query={query} />
      <OrderExplanation explanation={data} isOperator={isOperator} lookAgain={() => void refetch()} />
    </Page>
  );
}

function CancelOrder({ id }: { id: string }) {
  const [opened, setOpened] = useState(false);
  const cache = useQueryClient();
  const cancellation = useMutation({
    mutationFn: () => client.orders.cancel(id),
    onSuccess: () => {
      setOpened(false);
      for (const queryKey of [keys.order(id), keys.orders(), keys.accounts()])
        void cache.invalidateQueries({ queryKey });
    },
  });
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setOpened(true)}>
        Call it back
      </Button>
      <Confirm
        opened={opened}
        title="Call this order back?"
        action="Call it back"
        busy={cancellation.isPending}
        error={cancellation.error}
        onConfirm={() => cancellation.mutate()}
        onClose={() => setOpened(false)}
      >
        The money that was set aside is free again at once. This cannot be undone; you can place a new order.
      </Confirm>
    </>
  );
}
