import { Button, Card, Group, Select, SimpleGrid, Stack } from '@mantine/core';
import type { WireAccount } from '@millrace/contract';
import { IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Empty, Loaded, ObjectTools, Page, TableSkeleton } from '../../design/index.ts';
import { usePages } from '../../live/index.ts';
import { ButtonLink, fitting, UrlDateInput } from '../../navigation/index.ts';
import { purposeLabel } from '../../wording/index.ts';
import { accountsQuery, holdingsQuery, linesPath, linesQuery } from './queries.ts';
import { Balances } from './statement-balances.tsx';
import { StatementExport } from './statement-export.tsx';
import { isFiltered, queryOf, type StatementFilters, useStatementFilters } from './statement-filters.ts';
import { StatementLines } from './statement-lines.tsx';
import classes from './statement-page.module.css';
import { REASON_CHOICES } from './wording.ts';

export function StatementPage() {
  const accounts = useQuery(accountsQuery);
  const [filters, change] = useStatementFilters();
  const account = accounts.data?.find(({ id }) => id === filters.account) ?? accounts.data?.[0];
  const nameOf = useAccountNames(accounts.data ?? []);
  return (
    <Page
      title="Statement"
      lead={account ? `${nameOf(account)}, newest first.` : 'Every movement of your money, newest first.'}
      actions={account && <Actions account={account} filters={filters} />}
    >
      <Loaded query={accounts} title="Your accounts could not be loaded." skeleton={<LinesSkeleton />}>
        {(all) =>
          account ? (
            <>
              <Filters accounts={all} account={account} nameOf={nameOf} filters={filters} change={change} />
              <Balances account={account} filters={filters} />
              <Card component="section" aria-label="Lines of the statement" className={classes['lines']}>
                <StatementLines
                  key={account.id}
                  account={account}
                  query={queryOf(filters)}
                  clear={
                    isFiltered(filters)
                      ? () => change({ from: undefined, to: undefined, reason: undefined, direction: undefined })
                      : undefined
                  }
                />
              </Card>
            </>
          ) : (
            <Card>
              <Empty title="No account yet" action={<ButtonLink to="/cash">Make a deposit</ButtonLink>}>
                Your first deposit opens one.
              </Empty>
            </Card>
          )
        }
      </Loaded>
    </Page>
  );
}

function LinesSkeleton() {
  return (
    <Card>
      <TableSkeleton rows={10} />
    </Card>
  );
}

type NameOf = (account: WireAccount) => string;

/** An account of notes is called by its loan's purpose, which the holdings know. */
function useAccountNames(accounts: readonly WireAccount[]): NameOf {
  const hasNotes = accounts.some(({ purpose }) => purpose === 'notes');
  const holdings = usePages({ ...holdingsQuery({}), enabled: hasNotes });
  return useMemo(() => {
    const loans = new Map(
      holdings.data?.pages.flatMap(({ data }) =>
        data.map(({ loan_id, purpose }) => [loan_id.replace(/^loan_/, 'loan:'), purpose] as const),
      ),
    );
    return ({ purpose, asset }) =>
      purpose === 'notes'
        ? `Notes: ${loans.get(asset) ?? `loan ${asset.slice('loan:'.length, 'loan:'.length + 8)}`}`
        : `${purposeLabel(purpose)} in ${asset}`;
  }, [holdings.data]);
}

function Actions({ account, filters }: { account: WireAccount; filters: StatementFilters }) {
  const query = queryOf(filters);
  const lines = usePages(linesQuery(account.id, query));
  const path = linesPath(account.id, query);
  return (
    <Group gap="xs" className={classes['unprinted']}>
      <StatementExport key={path} account={account} query={query} />
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPrinter size={16} aria-hidden />}
        onClick={() => window.print()}
      >
        Print
      </Button>
      <ObjectTools path={path} json={lines.data?.pages[0] ?? null} />
    </Group>
  );
}

interface FiltersProps {
  accounts: readonly WireAccount[];
  account: WireAccount;
  nameOf: NameOf;
  filters: StatementFilters;
  change: (change: Partial<Record<keyof StatementFilters, string | undefined>>) => void;
}

function Filters({ accounts, account, nameOf, filters, change }: FiltersProps) {
  const choices = useMemo(() => accounts.map((one) => ({ value: one.id, label: nameOf(one) })), [accounts, nameOf]);
  return (
    <Card component="section" aria-label="Filters" className={classes['unprinted']}>
      <Stack gap="sm">
        <Select
          label="Account"
          data={choices}
          value={account.id}
          allowDeselect={false}
          searchable={choices.length > 10}
          filter={fitting}
          onChange={(id) => change({ account: id ?? undefined })}
        />
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
          <UrlDateInput label="From" value={filters.from} max={filters.to} change={(from) => change({ from })} />
          <UrlDateInput label="To" value={filters.to} min={filters.from} change={(to) => change({ to })} />
          <Select
            label="What"
            placeholder="Everything"
            clearable
            clearButtonProps={{ 'aria-label': 'Show everything', size: 'sm' }}
            data={REASON_CHOICES}
            value={filters.reason ?? null}
            onChange={(reason) => change({ reason: reason ?? undefined })}
          />
          <Select
            label="Direction"
            placeholder="Both"
            clearable
            clearButtonProps={{ 'aria-label': 'Show both directions', size: 'sm' }}
            data={[
              { value: 'credit', label: 'Came in' },
              { value: 'debit', label: 'Went out' },
            ]}
            value={filters.direction ?? null}
            onChange={(direction) => change({ direction: direction ?? undefined })}
          />
        </SimpleGrid>
      </Stack>
    </Card>
  );
}
