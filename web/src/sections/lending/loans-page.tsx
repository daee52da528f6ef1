import { Button, Card, VisuallyHidden } from '@mantine/core';
import { IconZoomExclamation } from '@tabler/icons-react';
import { useMemo } from 'react';
import { DataTable, Empty, Loaded, Page, TableSkeleton } from '../../design/index.ts';
import { useChannel, usePages } from '../../live/index.ts';
import { useUrlState } from '../../navigation/index.ts';
import { hasFilters, type LoanFilters, queryOf, readFilters } from './filters.ts';
import { useFresh } from './flash.tsx';
import { loanColumns } from './loan-columns.tsx';
import classes from './lending.module.css';
import { LoanFilterBar } from './loan-filters.tsx';
import { loansQuery } from './queries.ts';

const CLEARED = { status: undefined, grade: undefined, term: undefined, rate: undefined, search: undefined };

/** The marketplace. */
export function LoansPage() {
  useChannel('loans');
  const [filters, change] = useUrlState<LoanFilters>(readFilters);
  return (
    <Page title="Loans" lead="Choose whom to lend to. What others fund moves while you look.">
      <Card>
        <LoanFilterBar filters={filters} change={change} />
      </Card>
      <LoanList filters={filters} clear={() => change(CLEARED)} />
    </Page>
  );
}

function LoanList({ filters, clear }: { filters: LoanFilters; clear: () => void }) {
  const query = queryOf(filters);
  const list = usePages(loansQuery(query));
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage, isPlaceholderData } = list;
  const loans = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  const { fresh, newest } = useFresh(isPlaceholderData ? '' : JSON.stringify(query), loans);
  const columns = useMemo(() => loanColumns(fresh), [fresh]);
  const empty = hasFilters(filters) ? (
    <Empty
      title="No loan fits these filters"
      icon={IconZoomExclamation}
      action={<Button onClick={clear}>Clear the filters</Button>}
    >
      Take a filter away, or look at all loans.
    </Empty>
  ) : (
    <Empty title="No loan is open for funding right now">
      A new loan appears here the moment it is opened; you need not reload.
    </Empty>
  );
  return (
    <Card aria-busy={isPlaceholderData}>
      <VisuallyHidden role="status">{newest}</VisuallyHidden>
      <Loaded query={list} title="The loans could not be loaded." skeleton={<TableSkeleton rows={10} />}>
        {() => (
          <div className={classes['loans']}>
            <DataTable
              label="Loans"
              columns={columns}
              rows={loans}
              rowKey={({ id }) => id}
              // A page of a search may hold nothing and still have more behind it.
              empty={hasNextPage ? undefined : empty}
              more={{ has: hasNextPage, busy: isFetchingNextPage, load: () => void fetchNextPage() }}
            />
          </div>
        )}
      </Loaded>
    </Card>
  );
}
