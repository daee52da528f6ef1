import { Button, Card, Collapse, Group, Skeleton, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { WireOverview } from '@millrace/contract';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { lazy, Suspense, useMemo } from 'react';
import { type Column, Count, DataTable, Empty, Stat, Stats } from '../../../design/index.ts';
import { busyMinutes, clockOf, OUTCOMES, totalsOf } from './outcomes.ts';

const OutcomesChart = lazy(async () => ({ default: (await import('./outcomes-chart.tsx')).OutcomesChart }));

type Minutes = WireOverview['orders']['last_hour'];

const COLUMNS: readonly Column<Minutes[number]>[] = [
  { id: 'minute', header: 'Minute', title: true, cell: ({ minute }) => clockOf(minute) },
  ...OUTCOMES.map(
    ({ status, label }): Column<Minutes[number]> => ({
      id: status,
      header: label,
      align: 'right',
      cell: (minute) => <Count value={minute[status]} />,
    }),
  ),
];

/** The same minutes are the same object, however often they are told: what has not changed is not drawn again. */
function useUnchanged(minutes: Minutes): Minutes {
  const text = JSON.stringify(minutes);
  return useMemo(() => JSON.parse(text) as Minutes, [text]);
}

/** What became of the orders of the last hour: figures, a picture, and a table that says the same. */
export function OutcomesCard({ minutes }: { minutes: Minutes }) {
  const [opened, { toggle }] = useDisclosure();
  const shown = useUnchanged(minutes);
  const totals = useMemo(() => totalsOf(shown), [shown]);
  const chart = useMemo(() => <OutcomesChart minutes={shown} />, [shown]);
  return (
    <Card component="section" aria-labelledby="outcomes">
      <Title order={2} id="outcomes" mb="sm">
        Outcomes of the last hour
      </Title>
      <Stats>
        {OUTCOMES.map(({ status, label }) => (
          <Stat key={status} label={label}>
            <Count value={totals[status]} />
          </Stat>
        ))}
      </Stats>
      {/* The table below says the same in figures; the picture is left out for those who do not see it. */}
      <figure style={{ margin: '16px 0' }} aria-hidden>
        <Suspense fallback={<Skeleton height={220} />}>{chart}</Suspense>
      </figure>
      <Group>
        <Button
          variant="default"
          size="xs"
          aria-expanded={opened}
          aria-controls="outcomes-table"
          leftSection={opened ? <IconChevronUp size={16} aria-hidden /> : <IconChevronDown size={16} aria-hidden />}
          onClick={toggle}
        >
          {opened ? 'Hide the minutes' : 'Show the minutes'}
        </Button>
      </Group>
      <Collapse expanded={opened} id="outcomes-table" mt="sm">
        {opened && (
          <DataTable
            label="Outcomes by minute"
            columns={COLUMNS}
            rows={busyMinutes(shown)}
            rowKey={({ minute }) => minute}
            empty={<Empty title="No order within the last hour">The next one appears here within a second.</Empty>}
          />
        )}
      </Collapse>
    </Card>
  );
}
