import { Card, Title } from '@mantine/core';
import type { WireOverview } from '@millrace/contract';
import { Count, Stat, Stats } from '../../../design/index.ts';
import { formatCount } from '../../../money/index.ts';
import classes from './overview.module.css';

const MEBIBYTE = 1024 * 1024;

/** Tenths below ten milliseconds, whole ones above: more would only flicker. */
function milliseconds(value: number | null): string {
  if (value === null) return '–';
  return `${value < 10 ? value.toFixed(1) : formatCount(Math.round(value))} ms`;
}

/** The figures of this moment. */
export function NowCard({ overview }: { overview: WireOverview }) {
  const { orders, latency, queue, batch, connections, jobs, read_models, memory_bytes } = overview;
  return (
    <Card component="section" aria-labelledby="now" className={classes['now']}>
      <Title order={2} id="now" mb="sm">
        Now
      </Title>
      <Stats>
        <Stat label="Orders a second" hint="mean over 10 s">
          <Count value={orders.per_second} />
        </Stat>
        <Stat label="Answer, median" hint={`99%: ${milliseconds(latency.answer.p99_ms)}`}>
          {milliseconds(latency.answer.p50_ms)}
        </Stat>
        <Stat label="Commit, median" hint={`99%: ${milliseconds(latency.commit.p99_ms)}`}>
          {milliseconds(latency.commit.p50_ms)}
        </Stat>
        <Stat label="Queue" hint={`of ${formatCount(queue.max)}`}>
          <Count value={queue.waiting} />
        </Stat>
        <Stat label="Batch" hint="orders, mean over a minute">
          {batch.size_mean === null ? '–' : <Count value={batch.size_mean} />}
        </Stat>
        <Stat label="Lists behind" hint="entries">
          <Count value={read_models.lag} />
        </Stat>
        <Stat label="Jobs waiting" hint={`${formatCount(jobs.failing)} tried in vain`}>
          <Count value={jobs.waiting} />
        </Stat>
        <Stat
          label="Connections"
          hint={`${formatCount(connections.websocket)} WebSocket, ${formatCount(connections.sse)} SSE`}
        >
          <Count value={connections.http} />
        </Stat>
        <Stat label="Memory" hint="of this process">
          {`${formatCount(Math.round(memory_bytes / MEBIBYTE))} MiB`}
        </Stat>
      </Stats>
    </Card>
  );
}
