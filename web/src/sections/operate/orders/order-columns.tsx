import { Text } from '@mantine/core';
import type { WireOrder } from '@millrace/contract';
import { Code, type Column, Money, RelativeTime, StatusBadge } from '../../../design/index.ts';
import { Link } from '../../../navigation/index.ts';
import { reasonWords } from '../../../wording/index.ts';
import { IdLink } from '../id-link.tsx';
import { shortId, wordsOfName } from '../words.ts';

function textIn(fields: object, name: string): string | undefined {
  const value: unknown = (fields as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}

/** What the order is about in money; some kinds name none. */
function Amount({ order: { params, result }, currency }: { order: WireOrder; currency: string }) {
  const amount = textIn(params, 'amount') ?? textIn(result, 'amount');
  if (amount === undefined || !/^\d+(\.\d+)?$/.test(amount)) return '–';
  return <Money amount={amount} asset={textIn(params, 'asset') ?? textIn(result, 'asset') ?? currency} />;
}

/** `withUser`: whose order it is, where the list holds those of many. */
export function orderColumns(currency: string, withUser: boolean): Column<WireOrder>[] {
  const user: Column<WireOrder> = {
    id: 'user',
    header: 'User',
    cell: ({ user_id }) => (user_id === null ? 'Millrace' : <IdLink id={user_id} />),
  };
  return [
    {
      id: 'order',
      header: 'Order',
      title: true,
      cell: ({ id, kind }) => (
        <Link to={`/orders/${id}`} title={id}>
          {wordsOfName(kind)} <Code>{shortId(id)}</Code>
        </Link>
      ),
    },
    ...(withUser ? [user] : []),
    {
      id: 'status',
      header: 'Status',
      cell: ({ status, reason }) => (
        <>
          <StatusBadge status={status} />
          {reason !== null && (
            <Text size="xs" c="dimmed" mt={4} maw="22rem">
              {reasonWords(reason).title}
            </Text>
          )}
        </>
      ),
    },
    { id: 'placed', header: 'Placed', cell: ({ created_at }) => <RelativeTime value={created_at} /> },
    {
      id: 'amount',
      header: 'Amount',
      align: 'right',
      cell: (order) => <Amount order={order} currency={currency} />,
    },
  ];
}
