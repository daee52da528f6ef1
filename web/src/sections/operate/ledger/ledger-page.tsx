import { Button, Card, NativeSelect, Title } from '@mantine/core';
import type { LedgerAccountView } from '@millrace/contract';
import { useQuery } from '@tanstack/react-query';
import { type Column, Empty, ObjectTools } from '../../../design/index.ts';
import { usePages } from '../../../live/index.ts';
import { useUrlState } from '../../../navigation/index.ts';
import { PURPOSE_NAMES, purposeLabel } from '../../../wording/index.ts';
import { ACCOUNT_COLUMN, BALANCE_COLUMNS } from '../account-columns.tsx';
import { ConsolePage } from '../console-page.tsx';
import { IdLink } from '../id-link.tsx';
import { TextFilter } from '../list-tools.tsx';
import { Listing } from '../listing.tsx';
import classes from '../operate.module.css';
import { ledgerAccountsQuery, trialBalanceQuery } from '../queries.ts';
import { type AccountFilters, faultsOf, queryOf, readFilters } from './filters.ts';
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

const COLUMNS: readonly Column<LedgerAccountView>[] = [
  ACCOUNT_COLUMN,
  {
    id: 'owner',
    header: 'Owner',
    cell: ({ owner, names }) => (owner === 'installation' ? 'The installation' : <IdLink id={owner} names={names} />),
  },
  ...BALANCE_COLUMNS,
];

function Accounts({ filters, change }: AccountsProps) {
  const isWrong = Object.keys(faultsOf(filters)).length > 0;
  const accounts = usePages({ ...ledgerAccountsQuery(queryOf(filters)), enabled: !isWrong });
  const clear = (): void => change({ asset: undefined, purpose: undefined, owner: undefined, sort: undefined });
  return (
    <Card component="section" aria-labelledby="accounts" aria-busy={accounts.isPlaceholderData}>
      <Title order={2} id="accounts" mb="sm">
        Accounts
      </Title>
      <Filters filters={filters} change={change} />
      <div style={{ marginTop: 16 }}>
        {isWrong ? (
          <Empty title="This names no account" action={<Button onClick={clear}>Clear the filters</Button>}>
            An owner’s id begins with usr_, loan_ or merchant_, or it is the installation.
          </Empty>
        ) : (
          <Listing
            query={accounts}
            label="Accounts"
            failure="The accounts could not be loaded."
            skeletonRows={10}
            columns={COLUMNS}
            rowKey={({ id }) => id}
            empty={
              <Empty title="No account fits" action={<Button onClick={clear}>Clear the filters</Button>}>
                Take a filter away, or look at all accounts.
              </Empty>
            }
          />
        )}
      </div>
    </Card>
  );
}

function Filters({ filters, change }: AccountsProps) {
  const faults = faultsOf(filters);
  const text = (name: 'asset' | 'owner', label: string, placeholder: string) => (
    <TextFilter
      label={label}
      placeholder={placeholder}
      value={filters[name]}
      error={faults[name]}
      apply={(typed) => change({ [name]: typed })}
    />
  );
  return (
    <search className={classes['filters']} aria-label="Accounts">
      {text('asset', 'Asset', 'USD')}
      <NativeSelect
        label="Purpose"
        data={[{ value: '', label: 'Any' }, ...PURPOSE_NAMES.map((value) => ({ value, label: purposeLabel(value) }))]}
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
