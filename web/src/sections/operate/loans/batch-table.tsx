import { Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconHourglass, IconQuestionMark, IconRepeat } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { type Column, DataTable, Money, Rate, Tag } from '../../../design/index.ts';
import { Link } from '../../../navigation/index.ts';
import classes from '../operate.module.css';
import { type BatchRow, type Borrowers, errorsOf, type Outcome, type ReadyRow } from './batch.ts';

/** Rows that are drawn at once: a thousand would be slow to draw again with each outcome. */
const ROWS_SHOWN = 50;

interface ShownRow {
  row: BatchRow;
  errors: readonly string[];
  outcome: Outcome | undefined;
}

export interface BatchTableProps {
  rows: readonly BatchRow[];
  borrowers: Borrowers;
  ready: readonly ReadyRow[];
  outcomes: ReadonlyMap<string, Outcome>;
  asset: string;
}

export function BatchTable({ rows, borrowers, ready, outcomes, asset }: BatchTableProps) {
  const [shown, setShown] = useState(ROWS_SHOWN);
  const columns = useMemo(() => columnsOf(asset), [asset]);
  const keys = useMemo(() => new Map(ready.map(({ line, key }) => [line, key])), [ready]);
  // What needs attention comes first.
  const all = useMemo(
    () =>
      rows
        .map((row): ShownRow => {
          const key = keys.get(row.line);
          return { row, errors: errorsOf(row, borrowers), outcome: key === undefined ? undefined : outcomes.get(key) };
        })
        .toSorted((one, other) => Number(needsCare(other)) - Number(needsCare(one)) || one.row.line - other.row.line),
    [rows, borrowers, keys, outcomes],
  );
  return (
    <DataTable
      label="Rows"
      columns={columns}
      rows={all.slice(0, shown)}
      rowKey={({ row }) => String(row.line)}
      more={{ has: all.length > shown, busy: false, load: () => setShown(shown + ROWS_SHOWN) }}
    />
  );
}

function needsCare({ errors, outcome }: ShownRow): boolean {
  return errors.length > 0 || outcome?.state === 'refused' || outcome?.state === 'unsure';
}

function columnsOf(asset: string): Column<ShownRow>[] {
  const right = { align: 'right' } as const;
  return [
    {
      id: 'loan',
      header: 'Loan',
      title: true,
      cell: ({ row: { line, fields } }) => (
        <>
          <Text className={classes['wrap'] ?? ''}>{fields.purpose === '' ? '(no purpose)' : fields.purpose}</Text>
          <Text size="xs" c="dimmed" className={classes['wrap'] ?? ''}>
            Line {line} · {fields.borrower}
          </Text>
        </>
      ),
    },
    {
      id: 'amount',
      header: 'Amount',
      ...right,
      cell: ({ row: { terms, fields } }) =>
        terms ? <Money amount={String(terms.amount)} asset={asset} /> : fields.amount,
    },
    {
      id: 'rate',
      header: 'Rate',
      ...right,
      cell: ({ row: { terms, fields } }) => (terms ? <Rate value={terms.apr} /> : fields.apr),
    },
    { id: 'term', header: 'Months', ...right, cell: ({ row: { fields } }) => fields.term_months },
    { id: 'grade', header: 'Grade', cell: ({ row: { fields } }) => fields.grade.toUpperCase() },
    { id: 'outcome', header: 'Outcome', cell: (shown) => <OutcomeCell shown={shown} /> },
  ];
}

function OutcomeCell({ shown: { errors, outcome } }: { shown: ShownRow }) {
  if (errors.length > 0) {
    return (
      <>
        <Tag tone="bad" icon={IconCircleX} label="Has errors" />
        {errors.map((error) => (
          <Text key={error} size="xs" mt={4} className={classes['wrap'] ?? ''}>
            {error}
          </Text>
        ))}
      </>
    );
  }
  if (outcome === undefined) return <Tag tone="calm" label="Ready" />;
  switch (outcome.state) {
    case 'sending':
      return <Tag tone="wait" icon={IconHourglass} label="Being opened" />;
    case 'created':
      return (
        <Link to={`/loans/${outcome.loanId}`}>
          <Tag tone="good" icon={IconCircleCheck} label="Opened" />
        </Link>
      );
    case 'existed':
      return (
        <Link to={`/loans/${outcome.loanId}`}>
          <Tag tone="accent" icon={IconRepeat} label="Was open already" />
        </Link>
      );
    case 'refused':
      return (
        <>
          <Tag tone="bad" icon={IconCircleX} label="Refused" />
          <Text size="xs" mt={4}>
            {outcome.words}
          </Text>
        </>
      );
    case 'unsure':
      return (
        <>
          <Tag tone="wait" icon={IconQuestionMark} label="Not confirmed" />
          <Text size="xs" mt={4}>
            {outcome.words}
          </Text>
        </>
      );
  }
}
