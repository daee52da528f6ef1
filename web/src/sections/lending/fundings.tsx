import { Button, Card, Center, Group, Text, Title } from '@mantine/core';
import type { LoanDetailView, LoanFundingView } from '@millrace/contract';
import { IconUser } from '@tabler/icons-react';
import { useState } from 'react';
import { Empty, Loaded, Money, RelativeTime, StatusBadge, TableSkeleton, Tag } from '../../design/index.ts';
import { usePages } from '../../live/index.ts';
import { Link } from '../../navigation/index.ts';
import classes from './lending.module.css';
import { amountOf, listedEntry, type Placed } from './pending.ts';
import { FUNDINGS_PAGE, fundingsQuery } from './queries.ts';
import { fundingKey } from './reducers.ts';

/** Who put in what, newest first, as it happens. */
export function Fundings({ loan, placed }: { loan: LoanDetailView; placed: Placed | undefined }) {
  const list = usePages(fundingsQuery(loan.id));
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const [shown, setShown] = useState(FUNDINGS_PAGE);
  const fundings = data?.pages.flatMap((page) => page.data) ?? [];
  const isWaiting = isOnItsWay(placed, fundings, loan.own_share?.alias);
  const mine = placed && listedEntry(placed, fundings, loan.own_share?.alias);
  // What arrives pushes the oldest out of sight, so that the list stays as long as it was.
  const showMore = (): void => {
    setShown(shown + FUNDINGS_PAGE);
    if (hasNextPage && fundings.length < shown + FUNDINGS_PAGE) void fetchNextPage();
  };
  return (
    <Card component="section" aria-labelledby="fundings">
      <Title order={2} id="fundings" mb="xs">
        Investments
      </Title>
      <Loaded query={list} title="The investments could not be loaded." skeleton={<TableSkeleton rows={6} />}>
        {() =>
          fundings.length === 0 && !isWaiting ? (
            <Empty title="Nobody has invested yet">The first investment appears here the moment it is made.</Empty>
          ) : (
            <>
              <ul className={classes['list']} aria-label="Investments, newest first">
                {isWaiting && placed && <OnItsWay placed={placed} loan={loan} />}
                {keyed(fundings)
                  .slice(0, shown)
                  .map(({ key, funding }) => (
                    <Entry
                      key={key}
                      funding={funding === mine ? { ...funding, own: true } : funding}
                      asset={loan.asset}
                    />
                  ))}
              </ul>
              {(hasNextPage || fundings.length > shown) && (
                <Center mt="md">
                  <Button variant="default" loading={isFetchingNextPage} onClick={showMore}>
                    Load more
                  </Button>
                </Center>
              )}
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

/** Whether an investment of this page is to be shown in front of the list. */
export function isOnItsWay(
  placed: Placed | undefined,
  fundings: readonly LoanFundingView[],
  ownAlias: string | undefined,
): boolean {
  if (!placed) return false;
  const isRefused = placed.answer !== undefined && placed.answer.status !== 'completed';
  return !isRefused && listedEntry(placed, fundings, ownAlias) === undefined;
}

function OnItsWay({ placed, loan }: { placed: Placed; loan: LoanDetailView }) {
  return (
    <li>
      <Group gap="xs">
        <Text fw={600}>You</Text>
        <When at={placed.at} />
        <StatusBadge
          status={placed.answer ? 'completed' : 'pending'}
          {...(placed.answer ? { label: 'Accepted' } : {})}
        />
      </Group>
      <Money amount={amountOf(placed)} asset={loan.asset} />
    </li>
  );
}

function When({ at }: { at: string }) {
  return (
    <Text size="xs" c="dimmed">
      <RelativeTime value={at} />
    </Text>
  );
}

function Entry({ funding, asset }: { funding: LoanFundingView; asset: string }) {
  const { own, alias, user_id, amount, at } = funding;
  return (
    <li>
      <Group gap="xs">
        <Text fw={own ? 600 : 400}>{own ? 'You' : alias}</Text>
        <When at={at} />
        {own && <Tag tone="accent" icon={IconUser} label={alias} />}
        {user_id !== undefined && (
          <Link to="/operate/users/$userId" params={{ userId: user_id }} size="sm">
            Who is it?
          </Link>
        )}
      </Group>
      <Money amount={amount} asset={asset} />
    </li>
  );
}

/** Keys from the oldest on, so that an entry keeps its own when others come before it. */
function keyed(fundings: readonly LoanFundingView[]): { key: string; funding: LoanFundingView }[] {
  const counts = new Map<string, number>();
  return fundings
    .toReversed()
    .map((funding) => {
      const name = fundingKey(funding);
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return { key: `${name} ${count}`, funding };
    })
    .toReversed();
}
