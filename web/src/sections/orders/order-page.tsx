import { Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Code, Failure, ObjectTools, Outdated, Page, PageSkeleton, StatusBadge } from '../../design/index.ts';
import { useChannel } from '../../live/index.ts';
import { useParam } from '../../navigation/index.ts';
import { CancelOrder, isCancelable } from '../../orders/index.ts';
import { useUser } from '../../session/index.ts';
import { ThingLink } from '../../things/index.ts';
import { OrderExplanation } from './order-explanation.tsx';
import { explanationQuery } from './queries.ts';
import { useCurrency } from './use-currency.ts';
import { describeOrder, thingOfOrder } from './words.ts';

/** One order, explained: for its owner, and with more for operators. */
export function OrderPage() {
  const id = useParam('orderId');
  const { role } = useUser();
  const isOperator = role === 'operator';
  // Another user's order moves on the operators' channel only.
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
  const thing = thingOfOrder(order);
  return (
    <Page
      title={describeOrder(order, currency)}
      lead={
        <Group gap="xs" role="status">
          <StatusBadge status={order.status} />
          <Code>{order.id}</Code>
          {thing !== undefined && <ThingLink {...thing} />}
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
