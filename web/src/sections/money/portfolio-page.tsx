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
import { signOf, sum, type Xirr } from '../../money/index.ts';
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
  const { asset, cash, held, invested, committed, outstanding, interest_received, fees_paid, defaulted } = portfolio;
  const money = (amount: string) => <Money amount={amount} asset={asset} />;
  return (
    <Card component="section" aria-labelledby="worth">
      <Stack gap="md">
        <Title order={2} id="worth">
          What you have
        </Title>
        <Stats>
          <Stat label="Total" size="xl" hint="Cash, and what is out in loans at par.">
            {money(sum([cash, outstanding]))}
          </Stat>
        </Stats>
        <dl className={classes['figures']}>
          <Stat label="Cash" hint={signOf(held) === 0 ? undefined : <>{money(held)} of it set aside</>}>
            {money(cash)}
          </Stat>
          <Stat
            label="Invested"
            hint={signOf(defaulted) === 0 ? 'Principal that is owed to you.' : <>{money(defaulted)} of it in default</>}
          >
            {money(invested)}
          </Stat>
          <Stat label="Committed" hint="In loans that are still open for funding.">
            {money(committed)}
          </Stat>
          <Stat label="Interest received" hint={<>After {money(fees_paid)} of fees.</>}>
            {money(interest_received)}
          </Stat>
          <Return portfolio={portfolio} />
        </dl>
      </Stack>
    </Card>
  );
}

/** Percent with two places: further ones say nothing about what is mostly still to come. */
const DIGITS = 2;

function Return({ portfolio }: { portfolio: PortfolioView }) {
  const [today] = useState(() => new Date().toISOString().slice(0, 10));
  const { atPar, withoutDefaulted } = useMemo(() => performanceOf(portfolio, today), [portfolio, today]);
  if (!atPar.ok) {
    return (
      <Stat label="Return a year (XIRR)" hint={NO_RATE[atPar.why]}>
        –
      </Stat>
    );
  }
  return (
    <Stat
      label="Return a year (XIRR)"
      hint={
        withoutDefaulted ? (
          <>
            <RateOf rate={withoutDefaulted} /> if loans in default bring nothing more.
          </>
        ) : (
          'From your cash flows, with what is out counted at par.'
        )
      }
    >
      <RateOf rate={atPar} />
    </Stat>
  );
}

function RateOf({ rate }: { rate: Xirr }) {
  if (!rate.ok) return <Text span>no rate</Text>;
  return <Percent value={rate.rate.toFixed(6)} digits={DIGITS} sign />;
}
