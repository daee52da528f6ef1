import type { OrderExplanationView } from '@millrace/contract';
import { IconCheck, IconClock, IconMinus, IconQuestionMark } from '@tabler/icons-react';
import { Code, type Column, DataTable, DateTime, Empty, Tag } from '../../design/index.ts';

type Told = OrderExplanationView['told'][number];
type Traced = OrderExplanationView['events'][number];

const STATES = {
  told: { tone: 'good', icon: IconCheck, label: 'Told' },
  behind: { tone: 'wait', icon: IconClock, label: 'Behind' },
  nobody: { tone: 'calm', icon: IconMinus, label: 'Nobody there' },
  unknown: { tone: 'calm', icon: IconQuestionMark, label: 'Not kept' },
} as const;

const CONSUMERS: Readonly<Record<string, string>> = {
  index: 'Lists and statements',
  errands: 'Hand-over to the outside',
  push: 'Live connections',
};

const TOLD_COLUMNS: Column<Told>[] = [
  { id: 'who', header: 'Who', title: true, cell: ({ consumer }) => CONSUMERS[consumer] ?? consumer },
  { id: 'state', header: 'State', cell: ({ state }) => <Tag {...STATES[state]} /> },
  { id: 'at', header: 'When', cell: ({ at }) => (at === null ? '–' : <DateTime value={at} />) },
  { id: 'detail', header: 'Detail', cell: ({ detail }) => detail },
];

/** Who has been told of the order's events, and when. */
export function RecipientsTable({ told }: { told: readonly Told[] }) {
  return (
    <DataTable
      label="Who was told"
      columns={TOLD_COLUMNS}
      rows={told}
      rowKey={({ consumer }) => consumer}
      empty={<Empty title="Nothing has happened that anybody could be told" />}
    />
  );
}

const EVENT_COLUMNS: Column<Traced>[] = [
  { id: 'type', header: 'Event', title: true, cell: ({ type }) => <Code>{type}</Code> },
  { id: 'cursor', header: 'Cursor', cell: ({ cursor }) => <Code>{cursor}</Code> },
  { id: 'at', header: 'When', cell: ({ time }) => <DateTime value={time} /> },
];

/** The order's events as they stand in the log. */
export function EventTable({ events }: { events: readonly Traced[] }) {
  return (
    <DataTable
      label="Events"
      columns={EVENT_COLUMNS}
      rows={events}
      rowKey={({ id }) => id}
      empty={<Empty title="There is no event of this order" />}
    />
  );
}
