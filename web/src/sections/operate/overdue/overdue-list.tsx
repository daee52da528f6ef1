import { Group, List, Stack, Text, Title } from '@mantine/core';
import type { WireOverview } from '@millrace/contract';
import { IconCheck, IconClockExclamation, IconClockPause } from '@tabler/icons-react';
import { Code, DateTime, Tag } from '../../../design/index.ts';
import { formatCount } from '../../../money/index.ts';
import { Link } from '../../../navigation/index.ts';
import classes from '../operate.module.css';
import { pageOf, shortId } from '../words.ts';
import { overdueLabel, overdueWords } from './overdue.ts';

type Overdue = WireOverview['overdue'];
type Kind = Overdue['checks'][number];

/** What is overdue, under its heading. `id`: the heading's. */
export function OverdueReport({ overdue, id, order }: { overdue: Overdue; id: string; order: 2 | 3 }) {
  return (
    <>
      <Group gap="sm" mb="sm">
        <Title order={order} id={id}>
          Overdue
        </Title>
        <OverdueTag overdue={overdue} />
      </Group>
      <OverdueList overdue={overdue} />
    </>
  );
}

/** How much is overdue, in a word or two. */
function OverdueTag({ overdue }: { overdue: Overdue }) {
  const { count, explained } = overdue;
  // A tag goes over no line: what is explained beside it is said with its kind.
  const label = overdueWords({ count, explained: count > 0 ? 0 : explained }).replace(/\.$/, '');
  if (count > 0) return <Tag tone="wait" icon={IconClockExclamation} label={label} />;
  if (explained > 0) return <Tag tone="calm" icon={IconClockPause} label={label} />;
  return <Tag tone="good" icon={IconCheck} label={label} />;
}

/** What ought to be done by now, by kind, each with the way to it. */
function OverdueList({ overdue }: { overdue: Overdue }) {
  return (
    <Stack gap="md">
      {overdue.checks
        .filter(({ count }) => count > 0)
        .map((kind) => (
          <OverdueKind key={kind.name} kind={kind} />
        ))}
    </Stack>
  );
}

function OverdueKind({ kind: { name, count, explained, rows } }: { kind: Kind }) {
  return (
    <div>
      <Text fw={600}>{`${overdueLabel(name)}: ${formatCount(count)}`}</Text>
      {explained !== null && <Text size="sm">{`That is explained: ${explained}.`}</Text>}
      <List size="sm" mt={4}>
        {rows.map(({ subject, since, detail }) => {
          const to = pageOf(subject);
          return (
            <List.Item key={subject} className={classes['wrap'] ?? ''}>
              {to === undefined ? (
                <Code>{subject}</Code>
              ) : (
                <Link to={to} inherit underline="always" title={subject}>
                  {shortId(subject)}
                </Link>
              )}{' '}
              {detail}, since <DateTime value={since} />
            </List.Item>
          );
        })}
      </List>
      {count > rows.length && <Text size="sm">{`… and ${formatCount(count - rows.length)} more`}</Text>}
    </div>
  );
}
