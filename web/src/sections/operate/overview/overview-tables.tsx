import { Card, Text, Title } from '@mantine/core';
import type { WireOverview } from '@millrace/contract';
import type { ReactNode } from 'react';
import { Code, type Column, Count, DataTable, Empty } from '../../../design/index.ts';
import { formatCount } from '../../../money/index.ts';
import { kindLabel, wordsOfName } from '../../../wording/index.ts';
import { stateOfLag } from './health.ts';
import { HealthTag } from './health-tag.tsx';

type Consumer = WireOverview['consumers'][number];
type Kind = WireOverview['orders']['by_kind'][number];
type Shard = WireOverview['shards'][number];

function Section({ id, title, lead, children }: { id: string; title: string; lead: string; children: ReactNode }) {
  return (
    <Card component="section" aria-labelledby={id}>
      <Title order={2} id={id}>
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {lead}
      </Text>
      {children}
    </Card>
  );
}

const CONSUMERS: readonly Column<Consumer>[] = [
  {
    id: 'name',
    header: 'Consumer',
    title: true,
    cell: ({ name, shard }) => `${wordsOfName(name)} · shard ${shard}`,
  },
  { id: 'state', header: 'State', cell: ({ lag_seconds }) => <HealthTag state={stateOfLag(lag_seconds)} /> },
  { id: 'lag', header: 'Events', align: 'right', cell: ({ lag }) => <Count value={lag} /> },
  { id: 'seconds', header: 'Behind', align: 'right', cell: ({ lag_seconds }) => `${formatCount(lag_seconds)} s` },
];

export function ConsumersCard({ consumers }: { consumers: readonly Consumer[] }) {
  return (
    <Section id="consumers" title="Consumers" lead="Who reads the event log, and how far they are from its end.">
      <DataTable
        label="Consumers"
        columns={CONSUMERS}
        rows={consumers}
        rowKey={({ name, shard }) => `${name} ${shard}`}
        empty={<Empty title="Nobody reads the log" />}
      />
    </Section>
  );
}

function countOf(id: Exclude<keyof Kind, 'kind'>, header: string): Column<Kind> {
  return { id, header, align: 'right', cell: (kind) => <Count value={kind[id]} /> };
}

const KINDS: readonly Column<Kind>[] = [
  { id: 'kind', header: 'Kind', title: true, cell: ({ kind }) => kindLabel(kind) },
  countOf('opened', 'New'),
  countOf('completed', 'Completed'),
  countOf('rejected', 'Rejected'),
  countOf('canceled', 'Canceled'),
  countOf('failed', 'Failed'),
];

export function KindsCard({ kinds }: { kinds: readonly Kind[] }) {
  return (
    <Section id="kinds" title="Kinds" lead="Of the last 24 hours.">
      <DataTable
        label="Orders by kind"
        columns={KINDS}
        rows={kinds}
        rowKey={({ kind }) => kind}
        empty={<Empty title="No order within a day" />}
      />
    </Section>
  );
}

/** A process number and a random part: its beginning tells one from the other. */
const OWNER_LENGTH = 16;

function Owner({ name }: { name: string }) {
  return (
    <span title={name}>
      <Code>{name.length > OWNER_LENGTH ? `${name.slice(0, OWNER_LENGTH)}…` : name}</Code>
    </span>
  );
}

const SHARDS: readonly Column<Shard>[] = [
  { id: 'shard', header: 'Shard', title: true, cell: ({ shard }) => `Shard ${shard}` },
  { id: 'owner', header: 'Owner', cell: ({ owner }) => (owner === null ? 'nobody' : <Owner name={owner} />) },
  { id: 'epoch', header: 'Epoch', align: 'right', cell: ({ epoch }) => <Count value={epoch} /> },
  { id: 'head', header: 'Newest event', align: 'right', cell: ({ head_seq }) => <Count value={head_seq} /> },
];

export function ShardsCard({ shards }: { shards: readonly Shard[] }) {
  return (
    <Section id="shards" title="Shards" lead="Which process decides the orders of which shard.">
      <DataTable label="Shards" columns={SHARDS} rows={shards} rowKey={({ shard }) => String(shard)} />
    </Section>
  );
}
