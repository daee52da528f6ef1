import { Card, Group, Stack, Text, Title } from '@mantine/core';
import type { UserDetailView } from '@millrace/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import {
  Code,
  type Column,
  Count,
  DataTable,
  DateTime,
  Empty,
  Failure,
  Loaded,
  ObjectTools,
  Outdated,
  PageSkeleton,
  Stat,
  Stats,
  TableSkeleton,
} from '../../../design/index.ts';
import { useInstallation } from '../../../live/index.ts';
import { ButtonLink, useParam } from '../../../navigation/index.ts';
import { wordsOfName } from '../../../wording/index.ts';
import { ACCOUNT_COLUMN, BALANCE_COLUMNS } from '../account-columns.tsx';
import { ConsolePage } from '../console-page.tsx';
import { IdLink } from '../id-link.tsx';
import classes from '../operate.module.css';
import { orderColumns } from '../orders/order-columns.tsx';
import { recentOrdersQuery, userQuery } from '../queries.ts';
import { AccessSwitch, AccessTag, ResetLink } from './user-actions.tsx';
import { UserKeys } from './user-keys.tsx';

/** One user with all that belongs to them. */
export function UserPage() {
  const id = useParam('userId');
  const user = useQuery(userQuery(id));
  if (!user.data) {
    if (user.isPending) return <PageSkeleton />;
    return (
      <ConsolePage title="User">
        <Failure error={user.error} title="The user could not be loaded." retry={() => void user.refetch()} />
      </ConsolePage>
    );
  }
  const { name, email } = user.data;
  return (
    <ConsolePage
      title={name}
      lead={<span className={classes['wrap']}>{email}</span>}
      actions={
        <>
          <ObjectTools path={`/v1/users/${id}`} json={user.data} />
          <ResetLink user={user.data} />
          <AccessSwitch user={user.data} />
        </>
      }
    >
      <Outdated query={user} />
      <Profile user={user.data} />
      <Accounts user={user.data} />
      <RecentOrders userId={id} />
      <UserKeys userId={id} />
    </ConsolePage>
  );
}

function Profile({ user }: { user: UserDetailView }) {
  const { id, role, created_at, created_by, disabled_at, disabled_by, sessions, keys, demo, is_protected } = user;
  return (
    <Card component="section" aria-labelledby="profile">
      <Title order={2} id="profile" mb="sm">
        Profile
      </Title>
      <Stats>
        <Stat label="Role" hint={demo ? 'of the demonstration' : undefined} size="md">
          {wordsOfName(role)}
        </Stat>
        <Stat label="Access" size="md">
          <AccessTag disabledAt={disabled_at} />
        </Stat>
        <Stat label="Registered" size="md">
          <DateTime value={created_at} />
        </Stat>
        <Stat label="Open sessions" size="md">
          <Count value={sessions} />
        </Stat>
        <Stat label="API keys" size="md">
          <Count value={keys} />
        </Stat>
      </Stats>
      <Group mt="sm">
        <ButtonLink to="/operate/audit" search={{ user_id: id }} variant="default" size="xs">
          What this user did, and what was done
        </ButtonLink>
      </Group>
      <Stack gap={4} mt="md">
        <Text size="sm" className={classes['wrap'] ?? ''}>
          Id <Code>{id}</Code>
        </Text>
        {disabled_at !== null && (
          <Text size="sm">
            Disabled on <DateTime value={disabled_at} />{' '}
            {disabled_by === null ? 'on the command line.' : <>by {<IdLink id={disabled_by} />}.</>}
          </Text>
        )}
        {created_by !== null && (
          <Text size="sm">
            Registered by the service <IdLink id={created_by} />, which may act for this user.
          </Text>
        )}
        {is_protected && <Text size="sm">Millrace itself works as this user, so that it cannot be disabled.</Text>}
      </Stack>
    </Card>
  );
}

const ACCOUNTS: readonly Column<UserDetailView['accounts'][number]>[] = [ACCOUNT_COLUMN, ...BALANCE_COLUMNS];

function Accounts({ user: { id, accounts, more_accounts } }: { user: UserDetailView }) {
  return (
    <Card component="section" aria-labelledby="accounts">
      <Title order={2} id="accounts" mb="sm">
        Accounts
      </Title>
      <DataTable
        label="Accounts"
        columns={ACCOUNTS}
        rows={accounts}
        rowKey={(account) => account.id}
        empty={<Empty title="No account yet">The first order that moves money opens one.</Empty>}
      />
      {more_accounts && (
        <Group mt="md">
          <ButtonLink to="/operate/ledger" search={{ owner: id }} variant="default" size="xs">
            All accounts
          </ButtonLink>
        </Group>
      )}
    </Card>
  );
}

function RecentOrders({ userId }: { userId: string }) {
  const orders = useQuery(recentOrdersQuery(userId));
  const { data: installation } = useInstallation();
  const columns = useMemo(() => orderColumns(installation?.currency, false), [installation]);
  return (
    <Card component="section" aria-labelledby="orders">
      <Title order={2} id="orders" mb="sm">
        Newest orders
      </Title>
      <Loaded query={orders} title="The orders could not be loaded." skeleton={<TableSkeleton rows={4} />}>
        {(rows) => (
          <DataTable
            label="Newest orders"
            columns={columns}
            rows={rows}
            rowKey={({ id }) => id}
            empty={<Empty title="No order yet" />}
          />
        )}
      </Loaded>
      {orders.data && orders.data.length > 0 && (
        <Group mt="md">
          <ButtonLink to="/operate/orders" search={{ user_id: userId }} variant="default" size="xs">
            All orders
          </ButtonLink>
        </Group>
      )}
    </Card>
  );
}
