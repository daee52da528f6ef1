import { Card, Skeleton, Stack, Text, Title } from '@mantine/core';
import type { PortfolioView } from '@millrace/contract';
import { IconChartPie } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import {
  Empty,
  Loaded,
  Money,
  ObjectTools,
  Page,
  Percent,
  Stat,
  Stats,
  StatsSkeleton,
  TableSkeleton,
} from '../../design/index.ts';
import { useChannel } from '../../live/index.ts';
import { signOf, type Xirr } from '../../money/index.ts';
import { ButtonLink } from '../../navigation/index.ts';
import { CHART_HEIGHT } from './chart-size.ts';
import { ExpectedPayments } from './expected-payments.tsx';
import { Holdings } from './holdings.tsx';
import { performanceOf } from './performance.ts';
import classes from './portfolio-page.module.css';
import { portfolioQuery } from './queries.ts';
import { NO_RATE } from './wording.ts';

export function PortfolioPage() {
  // What becomes of loans one has invested in, beside one's own events.
  useChannel('loans');
  const portfolio = useQuery(portfolioQuery);
  const { data } = portfolio;
  return (
    <Page
      title="Portfolio"
      lead="What you have in loans, what it has brought, and what is expected."
      actions={data && <ObjectTools path="/v1/portfolio" json={data} />}
    >
      <Loaded query={portfolio} title="Your portfolio could not be loaded." skeleton={<PortfolioSkeleton />}>
        {(shown) => (
          <>
            <Figures portfolio={shown} />
            {shown.holdings_count === 0 ? (
              <Card>
                <Empty
                  title="You have not invested yet"
                  icon={IconChartPie}
                  action={<ButtonLink to="/loans">Go to the marketplace</ButtonLink>}
                >
                  Choose a loan, and put in as little as you like. What it brings is followed here.
                </Empty>
              </Card>
            ) : (
              <>
                <ExpectedPayments portfolio={shown} />
                <Holdings />
              </>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function PortfolioSkeleton() {
  return (
    <>
      <Card>
        <StatsSkeleton count={6} />
      </Card>
      <Card>
        <Skeleton height={CHART_HEIGHT} />
      </Card>
      <Card>
        <TableSkeleton rows={6} />
      </Card>
    </>
  );
}

function Figures({ portfolio }: { portfolio: PortfolioView }) {
  const { asset, cash, held, performing, late, committed, interest_received, fees_paid, defaulted, value } = portfolio;
  const money = (amount: string) => <Money amount={amount} asset={asset} />;
  return (
    <Card component="section" aria-labelledby="worth">
      <Stack gap="md">
        <Title order={2} id="worth">
          What you have
        </Title>
        <Stats>
          <Stat label="Total" size="xl" hint="Cash, and what loans owe you. Loans in default count as zero.">
            {money(value)}
          </Stat>
        </Stats>
        <dl className={classes['figures']}>
          <Stat label="Cash" hint={signOf(held) === 0 ? undefined : <>{money(held)} of it set aside</>}>
            {money(cash)}
          </Stat>
          <Stat label="Performing" hint="Principal in loans that pay as agreed.">
            {money(performing)}
          </Stat>
          <Stat label="Late" hint="Principal in loans that are late, counted in full.">
            {money(late)}
          </Stat>
          <Stat label="Defaulted" hint="Not in the total. Counted only when it comes back.">
            {money(defaulted)}
          </Stat>
          <Stat label="Committed" hint="In loans that are still open for funding.">
            {money(committed)}
          </Stat>
          <Stat label="Interest received" hint={<>After {money(fees_paid)} of fees.</>}>
            {money(interest_received)}
          </Stat>
          <Nominal rate={portfolio.nominal_rate} />
          <Return portfolio={portfolio} />
        </dl>
      </Stack>
    </Card>
  );
}

/** Percent with two places: further ones say nothing about what is mostly still to come. */
const DIGITS = 2;

/** What the loans charge. */
function Nominal({ rate }: { rate: string | null }) {
  return (
    <Stat label="Nominal rate a year" hint="What your loans charge, before fees and losses.">
      {rate === null ? '–' : <Percent value={rate} digits={DIGITS} />}
    </Stat>
  );
}

/** What has come of it. */
function Return({ portfolio }: { portfolio: PortfolioView }) {
  const [today] = useState(() => new Date().toISOString().slice(0, 10));
  const { effective, withDefaulted } = useMemo(() => performanceOf(portfolio, today), [portfolio, today]);
  if (!effective.ok) {
    return (
      <Stat label="Effective return a year" hint={NO_RATE[effective.why]}>
        –
      </Stat>
    );
  }
  return (
    <Stat
      label="Effective return a year"
      hint={
        <>
          From your cash flows (XIRR), after fees and losses.
          {withDefaulted && (
            <>
              {' '}
              <RateOf rate={withDefaulted} /> if loans in default paid everything back.
            </>
          )}
        </>
      }
    >
      <RateOf rate={effective} />
    </Stat>
  );
}

function RateOf({ rate }: { rate: Xirr }) {
  if (!rate.ok) return <Text span>no rate</Text>;
  return <Percent value={rate.rate.toFixed(6)} digits={DIGITS} sign />;
}
