import { Group, Text } from '@mantine/core';
import type { LoanView } from '@millrace/contract';
import { IconSparkles } from '@tabler/icons-react';
import { type Column, Count, Money, Progress, Rate, RelativeTime, StatusBadge, Tag } from '../../design/index.ts';
import { formatMoney, formatPercent } from '../../money/index.ts';
import { Link } from '../../navigation/index.ts';
import { Flash } from './flash.tsx';
import { Grade } from './grade.tsx';
import classes from './lending.module.css';

export function LoanProgress({ loan }: { loan: LoanView }) {
  const { progress, purpose, funded, amount, asset } = loan;
  return (
    <Flash value={funded}>
      <div className={classes['funding']}>
        <Progress
          value={Number(progress)}
          label={`Funding of ${purpose}`}
          text={`${formatMoney(funded, asset)} of ${formatMoney(amount, asset)}`}
        />
        <Text size="xs" c="dimmed" mt={4}>
          {formatPercent(progress, { digits: 0 })} of <Money amount={amount} asset={asset} />
        </Text>
      </div>
    </Flash>
  );
}

/** Until when it can be funded; afterwards what has become of it. */
function TimeLeft({ loan }: { loan: LoanView }) {
  if (loan.status !== 'open') return <StatusBadge status={loan.status} />;
  return <RelativeTime value={loan.funding_deadline} />;
}

/** `fresh`: loans that appeared while one was looking. */
export function loanColumns(fresh: ReadonlySet<string>): Column<LoanView>[] {
  return [
    {
      id: 'purpose',
      header: 'Loan',
      title: true,
      cell: (loan) => (
        <Group gap="xs" wrap="wrap">
          <Link to="/loans/$loanId" params={{ loanId: loan.id }} fw={600} inherit className={classes['purpose']}>
            {loan.purpose}
          </Link>
          {fresh.has(loan.id) && <Tag tone="accent" icon={IconSparkles} label="New" />}
        </Group>
      ),
    },
    { id: 'grade', header: 'Grade', bare: true, cell: ({ grade }) => <Grade grade={grade} /> },
    { id: 'rate', header: 'Rate', align: 'right', cell: ({ apr }) => <Rate value={apr} /> },
    { id: 'term', header: 'Term', align: 'right', bare: true, cell: ({ term_months }) => `${term_months} months` },
    { id: 'funded', header: 'Funded', bare: true, cell: (loan) => <LoanProgress loan={loan} /> },
    {
      id: 'remaining',
      header: 'Still open',
      align: 'right',
      cell: ({ remaining, asset }) => (
        <div className={classes['open']}>
          <Money amount={remaining} asset={asset} />
        </div>
      ),
    },
    { id: 'investors', header: 'Investors', align: 'right', cell: ({ investors }) => <Count value={investors} /> },
    { id: 'left', header: 'Ends', align: 'right', cell: (loan) => <TimeLeft loan={loan} /> },
  ];
}
