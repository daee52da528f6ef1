import { Button, Card, NativeSelect, TextInput, Title } from '@mantine/core';
import type { LedgerAccountView } from '@millrace/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Column, DataTable, Empty, Failure, Money, ObjectTools, TableSkeleton } from '../../../design/index.ts';
import { Link, useUrlState } from '../../../navigation/index.ts';
import { ConsolePage } from '../console-page.tsx';
import { IdLink } from '../id-link.tsx';
import classes from '../operate.module.css';
import { ledgerAccountsQuery, trialBalanceQuery } from '../queries.ts';
import { wordsOfName } from '../words.ts';
import { type AccountFilters, PURPOSES, queryOf, readFilters } from './filters.ts';
import { TrialBalance } from './trial-balance.tsx';
import { Verification } from './verification.tsx';

/** The books: their sums, the check of them, and every account. */
export function LedgerPage() {
  const [filters, change] = useUrlState(readFilters);
  const { data } = useQuery(trialBalanceQuery());
  return (
    <ConsolePage
      title="Ledger"
      lead="Every movement of money is a transfer between two accounts, so that every asset sums to zero."
      actions={<ObjectTools path="/v1/ledger/trial-balance" json={data ?? null} />}
    >
      <TrialBalance asset={filters.asset} choose={(asset) => change({ asset })} />
      <Verification />
      <Accounts filters={filters} change={change} />
    </ConsolePage>
  );
}

interface AccountsProps {
  filters: AccountFilters;
  change: (change: Partial<Record<keyof AccountFilters, string | undefined>>) => void;
}

const money = (id: 'balance' | 'held' | 'available', header: string): Column<LedgerAccountView> => ({
  id,
  header,
  align: 'right',
  cell: (account) => <Money amount={account[id]} asset={account.asset} />,
});

const COLUMNS: readonly Column<LedgerAccountView>[] = [
  {
    id: 'account',
    header: 'Account',
    title: true,
    cell: ({ id, purpose, asset }) => (
      <Link to={`/operate/ledger/${id}`} className={classes['wrap'] ?? ''}>
        {wordsOfName(purpose)} · {asset}
      </Link>
    ),
  },
  {
    id: 'owner',
    header: 'Owner',
    cell: ({ owner }) => (owner === 'installation' ? 'The installation' : <IdLink id={owner} />),
  },
  money('balance', 'Balance'),
  money('held', 'Held'),
  money('available', 'Available'),
];

function Accounts({ filters, change }: AccountsProps) {
  const accounts = useInfiniteQuery(ledgerAccountsQuery(queryOf(filters)));
  const rows = useMemo(() => accounts.data?.pages.flatMap(({ data }) => data) ?? [], [accounts.data]);
  const clear = (): void => change({ asset: undefined, purpose: undefined, owner: undefined, sort: undefined });
  return (
    <Card component="section" aria-labelledby="accounts" aria-busy={accounts.isPlaceholderData}>
      <Title order={2} id="accounts" mb="sm">
        Accounts
      </Title>
      <Filters filters={filters} change={change} />
      <div style={{ marginTop: 16 }}>
        {accounts.isError ? (
          <Failure
            error={accounts.error}
            title="The accounts could not be loaded."
            retry={() => void accounts.refetch()}
          />
        ) : accounts.isPending ? (
          <TableSkeleton rows={10} />
        ) : (
          <DataTable
            label="Accounts"
            columns={COLUMNS}
            rows={rows}
            rowKey={({ id }) => id}
            // A page with a filter may hold nothing and still have more behind it.
            empty={
              accounts.hasNextPage ? undefined : (
                <Empty title="No account fits" action={<Button onClick={clear}>Clear the filters</Button>}>
                  Take a filter away, or look at all accounts.
                </Empty>
              )
            }
            more={{
              has: accounts.hasNextPage,
              busy: accounts.isFetchingNextPage,
              load: () => void accounts.fetchNextPage(),
            }}
          />
        )}
      </div>
    </Card>
  );
}

function Filters({ filters, change }: AccountsProps) {
  const text = (name: 'asset' | 'owner', label: string, placeholder: string) => (
    <TextInput
      // Typed half, it names nothing yet; what the address says does.
      key={`${name} ${filters[name] ?? ''}`}
      label={label}
      placeholder={placeholder}
      maxLength={64}
      defaultValue={filters[name] ?? ''}
      onBlur={(event) => change({ [name]: event.currentTarget.value.trim() })}
      onKeyDown={(event) => {
        if (event.key === 'Enter') change({ [name]: event.currentTarget.value.trim() });
      }}
    />
  );
  return (
    <search className={classes['filters']} aria-label="Accounts">
      {text('asset', 'Asset', 'USD')}
      <NativeSelect
        label="Purpose"
        data={[{ value: '', label: 'Any' }, ...PURPOSES.map((value) => ({ value, label: wordsOfName(value) }))]}
        value={filters.purpose ?? ''}
        onChange={(event) => change({ purpose: event.currentTarget.value })}
      />
      {text('owner', 'Owner’s id', 'usr_…, loan_… or installation')}
      <NativeSelect
        label={filters.asset === undefined ? 'Order, of one asset' : 'Order'}
        disabled={filters.asset === undefined}
        data={[
          { value: '', label: 'By owner' },
          { value: 'balance', label: 'Greatest balance first' },
        ]}
        value={filters.sort ?? ''}
        onChange={(event) => change({ sort: event.currentTarget.value })}
      />
    </search>
  );
}
