import { Box, Button, Card, Collapse, Group, Skeleton, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { LoanDetailView, LoanInstallmentView } from '@millrace/contract';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { lazy, Suspense, useMemo } from 'react';
import { BusinessDate, type Column, DataTable, Money, Stat, Stats, StatusBadge } from '../../design/index.ts';
import { formatMoney, formatMonth, sum } from '../../money/index.ts';
import classes from './lending.module.css';

const ScheduleChart = lazy(async () => ({ default: (await import('./schedule-chart.tsx')).ScheduleChart }));

function columnsOf(asset: string): Column<LoanInstallmentView>[] {
  const money = (name: 'principal' | 'interest' | 'payment', header: string): Column<LoanInstallmentView> => ({
    id: name,
    header,
    align: 'right',
    cell: (installment) => <Money amount={installment[name]} asset={asset} />,
  });
  return [
    { id: 'number', header: 'No.', cell: ({ number }) => number },
    { id: 'due', header: 'Due', cell: ({ due_date }) => <BusinessDate value={due_date} /> },
    money('principal', 'Principal'),
    money('interest', 'Interest'),
    money('payment', 'Payment'),
    { id: 'status', header: 'Status', cell: ({ status }) => <StatusBadge status={status} /> },
  ];
}

/** What the borrower pays, and when: as a picture, and as a table that says the same. */
export function Schedule({ loan }: { loan: LoanDetailView }) {
  const [opened, { toggle }] = useDisclosure();
  const { schedule, asset, projected } = loan;
  const columns = useMemo(() => columnsOf(asset), [asset]);
  const last = schedule.at(-1);
  if (!last) return null;
  const [interest, total] = [sum(schedule.map((one) => one.interest)), sum(schedule.map((one) => one.payment))];
  const paid = schedule.filter(({ status }) => status === 'paid').length;
  return (
    <Card component="section" aria-labelledby="schedule">
      <Title order={2} id="schedule">
        Repayment schedule
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {projected
          ? 'As it would be if the loan were fully funded today.'
          : `${paid} of ${schedule.length} instalments are paid.`}
      </Text>
      <Stats>
        <Stat label="Monthly payment">
          <Money amount={schedule[0]?.payment ?? last.payment} asset={asset} />
        </Stat>
        <Stat label="Interest in all">
          <Money amount={interest} asset={asset} />
        </Stat>
        <Stat label="Paid back in all">
          <Money amount={total} asset={asset} />
        </Stat>
        <Stat label="Last instalment">{formatMonth(last.due_date)}</Stat>
      </Stats>
      {/* The table below says the same in figures; the picture is left out for those who do not see it. */}
      <figure style={{ margin: '16px 0' }} aria-hidden>
        <Suspense fallback={<Skeleton height={240} />}>
          <ScheduleChart schedule={schedule} asset={asset} />
        </Suspense>
      </figure>
      <Group>
        <Button
          variant="default"
          size="xs"
          aria-expanded={opened}
          aria-controls="schedule-table"
          leftSection={opened ? <IconChevronUp size={16} aria-hidden /> : <IconChevronDown size={16} aria-hidden />}
          onClick={toggle}
        >
          {opened ? 'Hide the instalments' : `Show all ${schedule.length} instalments`}
        </Button>
      </Group>
      <Collapse expanded={opened} id="schedule-table" mt="sm">
        {opened && (
          // What scrolls has to be reached by keyboard.
          <Box
            component="section"
            className={`${classes['compact']} ${classes['instalments']}`}
            tabIndex={0}
            aria-label="All instalments"
          >
            <DataTable
              label={`Instalments, ${formatMoney(total, asset)} in all`}
              columns={columns}
              rows={schedule}
              rowKey={({ number }) => String(number)}
            />
          </Box>
        )}
      </Collapse>
    </Card>
  );
}
