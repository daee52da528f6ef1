import { Group, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { StreamState } from '@millrace/client';
import { type Icon, IconBolt, IconCode, IconScale } from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import { Count, Failure, Money, Stat, useHeading } from '../../design/index.ts';
import { useInstallation, useLasting, useLiveTotals } from '../../live/index.ts';
import { ButtonLink, Link } from '../../navigation/index.ts';
import { DemoLogins } from './demo-logins.tsx';
import classes from './landing-page.module.css';

function Features() {
  return (
    <section className={classes['features']} aria-label="What you get">
      <Feature icon={IconBolt} title="Live, without reloading">
        Every page moves as the ledger does. A lost connection is picked up where it broke, and nothing is skipped.
      </Feature>
      <Feature icon={IconScale} title="Exact to the cent">
        Double entry, whole amounts, one effect for one cause. An order that a rule refuses tells you why, in words.
      </Feature>
      <Feature icon={IconCode} title="Yours to build on">
        One API for everything you see here: REST, WebSocket, a client and a command line. <DocumentationLink />
      </Feature>
    </section>
  );
}

function DocumentationLink() {
  return (
    <Link to="/docs" reloadDocument underline="always">
      Read how.
    </Link>
  );
}

function Feature({ icon: FeatureIcon, title, children }: { icon: Icon; title: string; children: ReactNode }) {
  return (
    <Stack gap={6}>
      <ThemeIcon variant="transparent" size={28} aria-hidden>
        <FeatureIcon size={26} stroke={1.6} color="var(--mr-accent)" />
      </ThemeIcon>
      <Title order={3}>{title}</Title>
      <Text size="sm" c="dimmed" component="div">
        {children}
      </Text>
    </Stack>
  );
}

const FIGURES = 6;

/** This installation, as it is this second; where the connection is lost, as it was. */
function LiveNumbers({ connection }: { connection: StreamState }) {
  const { data, isPending, isLoadingError, error, refetch } = useInstallation();
  const isLost = useLasting(connection !== 'open');
  if (isLoadingError)
    return <Failure error={error} title="The numbers could not be read." retry={() => void refetch()} />;
  return (
    <div className={classes['numbers']}>
      <Group gap="xs" role="status">
        <span className={classes['pulse']} data-lost={isLost || undefined} aria-hidden />
        <Text size="sm" fw={600} component="h2">
          {isLost ? 'Not live now: reconnecting …' : 'Live from this installation'}
        </Text>
      </Group>
      {isPending ? (
        <div className={classes['grid']}>
          {Array.from({ length: FIGURES }, (_, figure) => (
            <Skeleton key={figure} height={44} />
          ))}
        </div>
      ) : (
        <dl className={classes['grid']}>
          <Stat label="Put into loans">
            <Money amount={data.totals.funded} asset={data.currency.asset} compact />
          </Stat>
          <Stat label="Loans open now">
            <Count value={data.totals.loans_open} />
          </Stat>
          <Stat label="Principal repaid">
            <Money amount={data.totals.repaid} asset={data.currency.asset} compact />
          </Stat>
          <Stat label="Interest paid">
            <Money amount={data.totals.interest_paid} asset={data.currency.asset} compact />
          </Stat>
          <Stat label="Orders decided">
            <Count value={data.totals.orders} />
          </Stat>
          <Stat label="Orders a second">
            <Count value={data.totals.orders_per_second} />
          </Stat>
        </dl>
      )}
    </div>
  );
}

/** The first page: what Millrace is, and what goes on in this installation right now. */
export function LandingPage() {
  const connection = useLiveTotals();
  const { data: installation } = useInstallation();
  const heading = useHeading();
  useEffect(() => {
    document.title = 'Millrace · every order decided once, every cent accounted for';
  }, []);
  return (
    <Stack gap={56} py={{ base: 'sm', sm: 'xl' }}>
      <section className={classes['hero']}>
        <Stack gap="md">
          <Title order={1} ref={heading} tabIndex={-1} className={classes['claim']}>
            Money that moves once, and tells you at once.
          </Title>
          <Text size="lg" c="dimmed" maw="36rem">
            Millrace takes every order, decides it exactly once, and moves the money on a ledger that cannot lose a
            cent. Fund a loan and watch it happen.
          </Text>
          <Group gap="sm" mt="xs">
            <ButtonLink to="/signup" size="md">
              Start investing
            </ButtonLink>
            <ButtonLink to="/login" size="md" variant="default">
              Log in
            </ButtonLink>
          </Group>
        </Stack>
        <LiveNumbers connection={connection} />
      </section>
      {installation?.demo && <DemoLogins users={installation.demo.users} />}
      <Features />
    </Stack>
  );
}
