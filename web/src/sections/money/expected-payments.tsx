import { Button, Card, Collapse, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { PortfolioView } from '@millrace/contract';
import { lazy, Suspense, useMemo } from 'react';
import { type Column, DataTable, Money } from '../../design/index.ts';
import { sum } from '../../money/index.ts';
import { CHART_HEIGHT } from './chart-size.ts';
import { type ExpectedPeriod, periodsOf } from './expected.ts';

const ExpectedChart = lazy(async () => ({ default: (await import('./expected-chart.tsx')).ExpectedChart }));

/** What the notes will bring, as bars and as a table. */
export function ExpectedPayments({ portfolio: { expected, asset } }: { portfolio: PortfolioView }) {
  const [opened, { toggle }] = useDisclosure();
  const periods = useMemo(() => periodsOf(expected), [expected]);
  const columns = useMemo(() => columnsOf(asset), [asset]);
  if (periods.length === 0) return null;
  return (
    <Card component="section" aria-labelledby="expected">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <div>
            <Title order={2} id="expected">
              Expected repayments
            </Title>
            <Text size="sm" c="dimmed">
              {'Together '}
              <Money amount={sum(expected.map(({ total }) => total))} asset={asset} />
              {' after fees, if every instalment is paid. Loans in default and open ones are not in it.'}
            </Text>
          </div>
          <Button variant="default" size="xs" aria-expanded={opened} aria-controls="expected-table" onClick={toggle}>
            {opened ? 'Hide the table' : 'Show as a table'}
          </Button>
        </Group>
        <Suspense fallback={<Skeleton height={CHART_HEIGHT} />}>
          <ExpectedChart periods={periods} asset={asset} />
        </Suspense>
        <Collapse expanded={opened} id="expected-table">
          <DataTable label="Expected repayments" columns={columns} rows={periods} rowKey={({ label }) => label} />
        </Collapse>
      </Stack>
    </Card>
  );
}

function columnsOf(asset: string): Column<ExpectedPeriod>[] {
  const money = (id: 'principal' | 'interest' | 'total', header: string): Column<ExpectedPeriod> => ({
    id,
    header,
    align: 'right',
    cell: (period) => <Money amount={period[id]} asset={asset} />,
  });
  return [
    { id: 'label', header: 'When', title: true, cell: ({ label }) => label },
    money('principal', 'Principal'),
    money('interest', 'Interest after fees'),
    money('total', 'Together'),
  ];
}
