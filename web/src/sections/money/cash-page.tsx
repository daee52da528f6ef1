import { Card, Grid, Stack, Text, Title } from '@mantine/core';
import type { WireAccount } from '@millrace/contract';
import { useQuery } from '@tanstack/react-query';
import { Loaded, Money, ObjectTools, Page, Stat, Stats, StatsSkeleton, TableSkeleton } from '../../design/index.ts';
import { cashQuery, firstAccountsQuery, keys, useInstallation } from '../../live/index.ts';
import { signOf } from '../../money/index.ts';
import { textIn, useUrlState } from '../../navigation/index.ts';
import { useSubmissions } from '../../orders/index.ts';
import { MoneyForm } from './money-form.tsx';
import { KINDS } from './money-order.ts';
import { RecentMovements } from './recent-movements.tsx';

/** What money that moved makes untrue. */
const CHANGED = [keys.pendingWithdrawals(), keys.accounts(), keys.transfers(), keys.portfolio()];

export function CashPage() {
  const cash = useQuery(cashQuery);
  const { data: answer } = useQuery(firstAccountsQuery);
  const installation = useInstallation();
  const [{ asset }, change] = useUrlState((raw) => ({ asset: textIn(raw, 'asset') }));
  const tools = <ObjectTools path="/v1/accounts" json={answer ?? null} />;
  const currency = installation.data?.currency;
  return (
    <Page title="Cash" lead="What you can spend, and how it comes and goes." actions={tools}>
      <Loaded query={cash} title="Your balances could not be loaded." skeleton={<CashSkeleton />}>
        {(accounts) => {
          const main =
            accounts.find((account) => account.asset === (asset ?? currency?.asset)) ??
            accounts[0] ??
            emptyOf(currency);
          if (!main) return <CashSkeleton />;
          return (
            <CashOf
              key={main.asset}
              account={main}
              others={accounts.filter((account) => account !== main)}
              choose={(next) => change({ asset: next })}
            />
          );
        }}
      </Loaded>
    </Page>
  );
}

function CashSkeleton() {
  return (
    <>
      <Card>
        <StatsSkeleton count={3} />
      </Card>
      <Card>
        <TableSkeleton rows={5} />
      </Card>
    </>
  );
}

/** A user who never had money has no account yet: the first deposit makes it. */
function emptyOf(currency: { asset: string; scale: number } | undefined): WireAccount | undefined {
  if (!currency) return undefined;
  const zero = currency.scale === 0 ? '0' : `0.${'0'.repeat(currency.scale)}`;
  return { id: '', purpose: 'cash', asset: currency.asset, balance: zero, held: zero, available: zero };
}

interface CashOfProps {
  account: WireAccount;
  others: readonly WireAccount[];
  choose: (asset: string) => void;
}

function CashOf({ account, others, choose }: CashOfProps) {
  const submissions = useSubmissions(KINDS, CHANGED);
  return (
    <>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Balance account={account} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <MoneyForm account={account} others={others} chooseAsset={choose} send={submissions.send} />
        </Grid.Col>
      </Grid>
      <RecentMovements account={account} submissions={submissions} />
    </>
  );
}

function Balance({ account: { asset, balance, held, available } }: { account: WireAccount }) {
  const isHeld = signOf(held) !== 0;
  return (
    <Card component="section" aria-labelledby="balance" h="100%">
      <Stack gap="sm">
        <Title order={2} id="balance">
          {`Balance in ${asset}`}
        </Title>
        <Stats>
          <Stat label="Available" size="xl">
            <Money amount={available} asset={asset} />
          </Stat>
        </Stats>
        <Stats packed>
          <Stat label="Set aside" hint={isHeld ? 'For withdrawals that the bank has not answered.' : 'Nothing waits.'}>
            <Money amount={held} asset={asset} />
          </Stat>
          <Stat label="Balance" hint="Available and set aside.">
            <Money amount={balance} asset={asset} />
          </Stat>
        </Stats>
        {signOf(balance) === 0 && <Text c="dimmed">There is no money here yet: begin with a deposit.</Text>}
      </Stack>
    </Card>
  );
}
