import { Text } from '@mantine/core';
import type { OrderExplanationView } from '@millrace/contract';
import { TRANSFER_REASONS, type TransferReason } from '@millrace/contract/vocabulary';
import { type Column, DataTable, Empty, Money, StatusBadge, Tag } from '../../design/index.ts';
import { Link } from '../../navigation/index.ts';
import { purposeWords } from '../../wording/index.ts';

type Posting = OrderExplanationView['postings'][number];
type Side = Posting['debit'];
type Hold = OrderExplanationView['holds'][number];

/** The other side of one's own posting. */
const OTHERS: Readonly<Record<string, string>> = {
  cash: 'Another user’s cash',
  escrow: 'The loan’s escrow',
  outside: 'The outside world',
  issuance: 'The loan’s notes',
  fees: 'The installation’s fees',
  promotions: 'The installation’s starting balances',
  merchant: 'The merchant',
};

function Account({ side, isOperator }: { side: Side; isOperator: boolean }) {
  const purpose = purposeWords(side.purpose);
  if (!isOperator) return <span>{side.id === null ? (OTHERS[side.purpose] ?? purpose) : `Your ${purpose}`}</span>;
  return (
    <span>
      <Link to="/operate/ledger/$accountId" params={{ accountId: side.id }} inherit underline="always">
        {purpose}
      </Link>
      {side.owner !== null && (
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {side.owner}
        </Text>
      )}
    </span>
  );
}

function columnsOf(isOperator: boolean): Column<Posting>[] {
  return [
    {
      id: 'why',
      header: 'Why',
      title: true,
      cell: ({ reason }) => TRANSFER_REASONS[reason as TransferReason] ?? reason,
    },
    { id: 'from', header: 'From', cell: ({ debit }) => <Account side={debit} isOperator={isOperator} /> },
    { id: 'to', header: 'To', cell: ({ credit }) => <Account side={credit} isOperator={isOperator} /> },
    {
      id: 'amount',
      header: 'Amount',
      align: 'right',
      cell: ({ amount, debit }) => <Money amount={amount} asset={debit.asset} />,
    },
  ];
}

const COLUMNS = { owner: columnsOf(false), operator: columnsOf(true) } as const;

export interface PostingsProps {
  explanation: OrderExplanationView;
  /** Operators see every account, and can go there. */
  isOperator: boolean;
}

/** What an order moved on the ledger. */
export function Postings({ explanation, isOperator }: PostingsProps) {
  const { postings, more_postings, holds } = explanation;
  return (
    <>
      <DataTable
        label="Postings"
        columns={isOperator ? COLUMNS.operator : COLUMNS.owner}
        rows={postings}
        rowKey={({ id }) => id}
        empty={<Empty title="No money was moved">The ledger is as it was before this order.</Empty>}
      />
      {more_postings && (
        <Text size="sm" c="dimmed" mt="xs">
          There are more postings than are listed here.
        </Text>
      )}
      {holds.map((hold) => (
        <HoldLine key={hold.account} hold={hold} />
      ))}
    </>
  );
}

const HOLD_WORDS = { held: 'Set aside', captured: 'Taken', released: 'Given back', settled: 'Taken in part' } as const;

function HoldLine({ hold: { amount, asset, state, captured, released } }: { hold: Hold }) {
  return (
    <Text size="sm" mt="sm" component="div">
      {state === 'held' ? (
        <StatusBadge status="pending" label="Set aside" />
      ) : (
        <Tag tone="calm" label={HOLD_WORDS[state]} />
      )}{' '}
      <Money amount={amount} asset={asset} /> was set aside
      {state !== 'held' && (
        <>
          : <Money amount={captured} asset={asset} /> taken, <Money amount={released} asset={asset} /> given back
        </>
      )}
      .
    </Text>
  );
}
