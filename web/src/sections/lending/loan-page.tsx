import { Card, Group, Skeleton, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import type { LoanDetailView } from '@millrace/contract';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import {
  Code,
  DateTime,
  Failure,
  Money,
  ObjectTools,
  Outdated,
  Page,
  PageSkeleton,
  Percent,
  Progress,
  Rate,
  RelativeTime,
  Stat,
  Stats,
  StatusBadge,
} from '../../design/index.ts';
import { useChannel, usePages } from '../../live/index.ts';
import { formatMoney, ratio } from '../../money/index.ts';
import { Link, useParam } from '../../navigation/index.ts';
import { useUser } from '../../session/index.ts';
import { CloseLoan } from './close-loan.tsx';
import { Flash } from './flash.tsx';
import { Fundings, isOnItsWay } from './fundings.tsx';
import { GradeInfo } from './grade.tsx';
import { InvestPanel } from './invest-panel.tsx';
import classes from './lending.module.css';
import { amountOf } from './pending.ts';
import { fundingsQuery, loanQuery } from './queries.ts';
import { Schedule } from './schedule.tsx';
import { type Funding, useFunding } from './use-funding.ts';

/** One loan: what it is, how its funding goes, and what one's own part would be. */
export function LoanPage() {
  const id = useParam('loanId');
  useChannel(`loan:${id}`);
  const query = useQuery(loanQuery(id));
  if (query.isPending) return <PageSkeleton />;
  if (query.isLoadingError)
    return (
      <Page title="Loan">
        <Failure error={query.error} title="The loan could not be loaded." retry={() => void query.refetch()} />
      </Page>
    );
  return <Loan loan={query.data} outdated={<Outdated query={query} />} />;
}

function Loan({ loan, outdated }: { loan: LoanDetailView; outdated: ReactNode }) {
  const user = useUser();
  const funding = useFunding(loan.id);
  const isOperator = user.role === 'operator';
  return (
    <Page
      title={loan.purpose}
      lead={
        <Group gap="xs">
          <StatusBadge status={loan.status} {...(loan.status === 'open' ? { label: 'Open for funding' } : {})} />
          <GradeInfo grade={loan.grade} />
          <Code>{loan.id}</Code>
        </Group>
      }
      actions={<ObjectTools path={`/v1/loans/${loan.id}`} json={loan} />}
    >
      {outdated}
      <div className={classes['columns']}>
        <div className={classes['facts']}>
          <Facts loan={loan} funding={funding} />
        </div>
        {/* What grows while one looks stands where nothing is below it. */}
        <Stack gap="lg" className={classes['side']}>
          {isOperator ? <ForOperators loan={loan} /> : <InvestPanel loan={loan} funding={funding} />}
          <Fundings loan={loan} placed={funding.placed} />
        </Stack>
        <Stack gap="lg" className={classes['rest']}>
          {loan.own_share && <OwnShare loan={loan} />}
          <Schedule loan={loan} />
        </Stack>
      </div>
    </Page>
  );
}

function Facts({ loan, funding }: { loan: LoanDetailView; funding: Funding }) {
  const {
    amount,
    asset,
    apr,
    term_months,
    investors,
    funding_deadline,
    status,
    remaining,
    funded,
    purpose,
    funded_at,
  } = loan;
  const fundings = usePages(fundingsQuery(loan.id)).data?.pages.flatMap((page) => page.data) ?? [];
  const { placed } = funding;
  const isWaiting = placed !== undefined && isOnItsWay(placed, fundings, loan.own_share?.alias);
  const pending = placed && isWaiting && funding.error === null ? ratio(amountOf(placed), amount) : 0;
  return (
    <Card component="section" aria-labelledby="facts">
      <VisuallyHidden component="h2" id="facts">
        Facts
      </VisuallyHidden>
      <Stats>
        <Stat label="Rate a year">
          <Rate value={apr} />
        </Stat>
        <Stat label="Term">{term_months} months</Stat>
        <Stat label="Amount">
          <Money amount={amount} asset={asset} />
        </Stat>
        <Stat label="Investors">{investors}</Stat>
      </Stats>
      <Flash value={funded}>
        <Stack gap={6} mt="lg">
          <Progress
            value={Number(loan.progress)}
            pending={pending}
            label={`Funding of ${purpose}`}
            text={`${formatMoney(funded, asset)} of ${formatMoney(amount, asset)}`}
          />
          <Group justify="space-between" gap="xs">
            <Text size="sm">
              <b>
                <Money amount={funded} asset={asset} />
              </b>{' '}
              funded (<Percent value={loan.progress} digits={1} />)
            </Text>
            <Text size="sm" c="dimmed">
              <Money amount={remaining} asset={asset} /> still open
            </Text>
          </Group>
        </Stack>
      </Flash>
      <Text size="sm" c="dimmed" mt="xs">
        {status === 'open' ? (
          <>
            Ends <RelativeTime value={funding_deadline} />, on <DateTime value={funding_deadline} />.
          </>
        ) : funded_at === null ? (
          <>
            Ended on <DateTime value={funding_deadline} />.
          </>
        ) : (
          <>
            Fully funded <RelativeTime value={funded_at} />, on <DateTime value={funded_at} />.
          </>
        )}
      </Text>
    </Card>
  );
}

function OwnShare({ loan }: { loan: LoanDetailView }) {
  const { own_share: share, asset } = loan;
  if (!share) return null;
  return (
    <Card component="section" aria-labelledby="share">
      <Title order={2} id="share" mb="xs">
        Your share
      </Title>
      <Stats>
        <Stat label="Invested">
          <Money amount={share.invested} asset={asset} />
        </Stat>
        <Stat label="Part of the loan">
          <Percent value={share.share} />
        </Stat>
        {loan.status !== 'open' && (
          <>
            <Stat label="Still owed to you">
              <Money amount={share.notes} asset={asset} />
            </Stat>
            <Stat label="Principal repaid">
              <Money amount={share.principal_repaid} asset={asset} />
            </Stat>
          </>
        )}
      </Stats>
      <Text size="sm" c="dimmed" mt="sm">
        Others see you as {share.alias}.
      </Text>
    </Card>
  );
}

function ForOperators({ loan }: { loan: LoanDetailView }) {
  return (
    <Card component="section" aria-labelledby="borrower">
      <Title order={2} id="borrower" mb="xs">
        Borrower
      </Title>
      {loan.borrower_id === null ? (
        <Skeleton height={20} />
      ) : (
        <Link to="/operate/users/$userId" params={{ userId: loan.borrower_id }} style={{ overflowWrap: 'anywhere' }}>
          {loan.borrower_id}
        </Link>
      )}
      <Text size="sm" c="dimmed" mt="xs">
        You see who invested, below each alias. Investing is for investors.
      </Text>
      {loan.status === 'open' && (
        <Group mt="md">
          <CloseLoan loan={loan} />
        </Group>
      )}
    </Card>
  );
}
