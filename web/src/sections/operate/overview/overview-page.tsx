import { Card, Group, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import type { WireOverview } from '@millrace/contract';
import { IconBroadcast, IconBroadcastOff } from '@tabler/icons-react';
import { useState } from 'react';
import { CardsSkeleton, DateTime, Failure, ObjectTools, StatsSkeleton, Tag } from '../../../design/index.ts';
import { Link } from '../../../navigation/index.ts';
import { ConsolePage } from '../console-page.tsx';
import { OverdueReport } from '../overdue/overdue-list.tsx';
import { ClockNotice } from './clock-notice.tsx';
import { healthOf, type HealthItem, worstOf } from './health.ts';
import { HealthTag } from './health-tag.tsx';
import { NowCard } from './now-card.tsx';
import { OutcomesCard } from './outcomes-card.tsx';
import { ConsumersCard, KindsCard, ShardsCard } from './overview-tables.tsx';
import classes from './overview.module.css';
import { useOverview } from './use-overview.ts';

/** How the installation is doing, once a second. */
export function OverviewPage() {
  const [attempt, setAttempt] = useState(0);
  return <LiveOverview key={attempt} retry={() => setAttempt(attempt + 1)} />;
}

function LiveOverview({ retry }: { retry: () => void }) {
  const { overview, isLive, error } = useOverview();
  if (error && !overview) {
    return (
      <ConsolePage title="Overview">
        <Failure error={error} title="The overview could not be loaded." retry={retry} />
      </ConsolePage>
    );
  }
  return (
    <ConsolePage
      title="Overview"
      lead={
        <Group gap="xs">
          {overview ? <About overview={overview} /> : 'How this installation is doing, once a second.'}
          <Group gap="xs" role="status">
            {overview && <Freshness at={overview.at} isLive={isLive} />}
          </Group>
        </Group>
      }
      actions={overview && <ObjectTools path="/v1/overview" json={overview} />}
    >
      {error && <Failure error={error} title="The overview is not followed any more." retry={retry} />}
      {overview ? <Figures overview={overview} /> : <Waiting />}
    </ConsolePage>
  );
}

function Waiting() {
  return (
    <Stack gap="lg">
      <StatsSkeleton count={5} />
      <CardsSkeleton count={4} height={320} />
    </Stack>
  );
}

const MINUTE = 60;
const HOUR = 3_600;

function uptimeOf(seconds: number): string {
  if (seconds < MINUTE) return 'less than a minute';
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  if (seconds < 48 * HOUR) return `${Math.floor(seconds / HOUR)} h`;
  return `${Math.floor(seconds / (24 * HOUR))} days`;
}

function About({ overview: { version, database, uptime_seconds } }: { overview: WireOverview }) {
  const kind = database.embedded ? 'its own PostgreSQL' : 'PostgreSQL';
  return <span>{`Millrace ${version} on ${kind} ${database.version}, up for ${uptimeOf(uptime_seconds)}.`}</span>;
}

/** A figure that is not of now has to say so. */
function Freshness({ at, isLive }: { at: string; isLive: boolean }) {
  if (isLive) return <Tag tone="good" icon={IconBroadcast} label="Live" />;
  return (
    <>
      <Tag tone="wait" icon={IconBroadcastOff} label="Stale" />
      <Text size="sm" c="var(--mantine-color-text)">
        The server does not answer; these figures are of <DateTime value={at} />. It is asked again by itself.
      </Text>
    </>
  );
}

function Figures({ overview }: { overview: WireOverview }) {
  const items = healthOf(overview);
  return (
    <Stack gap="lg">
      <ClockNotice clock={overview.clock} />
      <Health items={items} />
      <OverdueCard overdue={overview.overdue} />
      <NowCard overview={overview} />
      <OutcomesCard minutes={overview.orders.last_hour} />
      <div className={classes['cards']}>
        <ConsumersCard consumers={overview.consumers} />
        <KindsCard kinds={overview.orders.by_kind} />
        <ShardsCard shards={overview.shards} />
      </div>
    </Stack>
  );
}

/** In full where it is, since each is a user's money; what is explained stands in a sentence of its own. */
function OverdueCard({ overdue }: { overdue: WireOverview['overdue'] }) {
  if (overdue.count + overdue.explained === 0) return null;
  return (
    <Card component="section" aria-labelledby="overdue">
      <OverdueReport overdue={overdue} id="overdue" order={2} />
    </Card>
  );
}

function Health({ items }: { items: readonly HealthItem[] }) {
  const worst = worstOf(items);
  return (
    <Card component="section" aria-labelledby="health">
      <Group gap="sm" mb="md">
        <Title order={2} id="health">
          Health
        </Title>
        <HealthTag state={worst} />
        <VisuallyHidden role="status">{`The installation is ${worst}.`}</VisuallyHidden>
      </Group>
      <ul className={classes['health']}>
        {items.map(({ id, label, state, words, to }) => (
          <li key={id}>
            <Group gap="xs">
              <Text fw={600}>{label}</Text>
              <HealthTag state={state} />
            </Group>
            <Text size="sm" component="div" className={classes['words']}>
              {to === undefined || state === 'healthy' ? (
                words
              ) : (
                <Link to={to} display="block" mih={44}>
                  {words}
                </Link>
              )}
            </Text>
          </li>
        ))}
      </ul>
    </Card>
  );
}
