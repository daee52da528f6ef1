import { Text } from '@mantine/core';
import type { WireInstallation, WireOrder } from '@millrace/contract';
import { type Column, Money, RelativeTime, StatusBadge } from '../../../design/index.ts';
import { withPlaces } from '../../../money/index.ts';
import { thingIn, ThingName } from '../../../things/index.ts';
import { Link } from '../../../navigation/index.ts';
import { kindLabel, type Names, reasonWords } from '../../../wording/index.ts';
import { IdLink, QuietId } from '../id-link.tsx';
import { shortId } from '../words.ts';

function textIn(fields: object, name: string): string | undefined {
  const value: unknown = (fields as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}

type Currency = WireInstallation['currency'];

/** What the order is about in money, with every place that its asset has; some kinds name none. */
function Amount({ order: { params, result }, currency }: { order: WireOrder; currency: Currency | undefined }) {
  const amount = textIn(params, 'amount') ?? textIn(result, 'amount');
  if (amount === undefined || !currency || !/^\d+(\.\d+)?$/.test(amount)) return '–';
  const asset = textIn(params, 'asset') ?? textIn(result, 'asset') ?? currency.asset;
  return <Money amount={withPlaces(amount, asset === currency.asset ? currency.scale : 0)} asset={asset} />;
}

/** To whom the money goes, where it goes to a user or a merchant. */
function Receiver({ params, names }: { params: object; names: Names | undefined }) {
  const id = textIn(params, 'to_user') ?? textIn(params, 'merchant');
  if (id === undefined) return null;
  return <>{`· to ${names?.[id.toLowerCase()] ?? (id.startsWith('usr_') ? shortId(id) : id)}`}</>;
}

/** `withUser`: whose order it is, where the list holds those of many. */
export function orderColumns(currency: Currency | undefined, withUser: boolean): Column<WireOrder>[] {
  const user: Column<WireOrder> = {
    id: 'user',
    header: 'User',
    cell: ({ user_id, names }) => (user_id === null ? 'Millrace' : <IdLink id={user_id} names={names} />),
  };
  return [
    {
      id: 'order',
      header: 'Order',
      title: true,
      cell: ({ id, kind, params, names }) => (
        <>
          <Link inherit underline="always" to={`/orders/${id}`} title={id}>
            {kindLabel(kind)}
          </Link>{' '}
          <ThingName thing={thingIn(params, names)} />
          <Receiver params={params} names={names} />
          <QuietId id={id} />
        </>
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
