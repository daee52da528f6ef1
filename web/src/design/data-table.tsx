import { Button, Center } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { Column, Sorting } from './columns.ts';
import classes from './data-table.module.css';
import { SortSelect } from './sort-select.tsx';

/** Whether what is in a box is wider than it: then it scrolls, and has to be reached by the keyboard too. */
function useScrolls<Box extends HTMLElement>(): [RefObject<Box | null>, boolean] {
  const box = useRef<Box>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const { current } = box;
    if (!current) return undefined;
    const observer = new ResizeObserver(() => setScrolls(current.scrollWidth > current.clientWidth));
    // The box where the window changes, what is in it where its rows do.
    for (const element of [current, ...current.children]) observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [box, scrolls];
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

export interface DataTableProps<Row> {
  /** What the table shows, for those who do not see it. */
  label: string;
  /** Stable: made outside of the component, or kept by `useMemo`. */
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Where the server sorts: how, and what to do when another order is asked for. */
  sorting?: { value: Sorting | undefined; change: (next: Sorting) => void };
  /** A list that is read page by page. */
  more?: { has: boolean; busy: boolean; load: () => void };
  /** In place of a table without rows: an `Empty`. */
  empty?: ReactNode;
}

/** A table that sorts by its headers, and turns into cards, sorted by a choice above them, where the screen is narrow. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  if (props.rows.length === 0 && props.empty !== undefined) return <>{props.empty}</>;
  return <FilledTable {...props} />;
}

function FilledTable<Row extends object>({ label, columns, rows, rowKey, sorting, more }: DataTableProps<Row>) {
  const [box, scrolls] = useScrolls<HTMLDivElement>();
  const definitions = useMemo(() => columns.map((column) => definitionOf(column)), [columns]);
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowKey,
    enableMultiSort: false,
    enableSortingRemoval: false,
    ...(sorting && { manualSorting: true, state: { sorting: stateOf(sorting.value) } }),
  });
  const current = sorting ? sorting.value : sortingOf(table.state.sorting);
  const sort = (next: Sorting): void => {
    if (sorting) sorting.change(next);
    else table.setSorting(stateOf(next));
  };
  const sortBy = ({ id, align }: Column<Row>): void =>
    sort({ column: id, descending: current?.column === id ? !current.descending : align === 'right' });
  const isSortable = (column: Column<Row>): boolean =>
    sorting ? column.sortable === true : column.compare !== undefined;
  const sortable = columns.filter(isSortable);
  // What scrolls is reached by the keyboard, and says what it is.
  const region = scrolls ? ({ tabIndex: 0, role: 'region', 'aria-label': `${label}, scrolls sideways` } as const) : {};
  return (
    <>
      {sortable.length > 0 && (
        <SortSelect columns={sortable} sorting={current} byServer={Boolean(sorting)} change={sort} />
      )}
      <div ref={box} className={classes['box']} {...region}>
        {/* The roles are said again: as cards, the elements would lose them. */}
        <table className={classes['table']} role="table" aria-label={label}>
          <thead role="rowgroup">
            <tr role="row">
              {columns.map((column) => (
                <Header
                  key={column.id}
                  column={column}
                  sorting={current}
                  sortBy={isSortable(column) ? sortBy : undefined}
                />
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {table.getRowModel().rows.map((row) => (
              <tr key={row.id} role="row" className={classes['row']}>
                {columns.map((column) => (
                  <td key={column.id} role="cell" data-label={column.header} className={cellClass(column)}>
                    {column.title ? column.cell(row.original) : <div>{column.cell(row.original)}</div>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more?.has && (
        <Center mt="md">
          <Button variant="default" loading={more.busy} onClick={more.load}>
            Load more
          </Button>
        </Center>
      )}
    </>
  );
}

interface HeaderProps<Row> {
  column: Column<Row>;
  sorting: Sorting | undefined;
  /** undefined: it cannot be sorted by. */
  sortBy: ((column: Column<Row>) => void) | undefined;
}

function Header<Row>({ column, sorting, sortBy }: HeaderProps<Row>) {
  const className = column.align === 'right' ? classes['right'] : undefined;
  if (!sortBy) {
    return (
      <th role="columnheader" scope="col" className={className}>
        {column.header}
      </th>
    );
  }
  const active = sorting?.column === column.id ? sorting : undefined;
  const SortIcon = !active ? IconArrowsSort : active.descending ? IconArrowDown : IconArrowUp;
  const order = !active ? 'none' : active.descending ? 'descending' : 'ascending';
  return (
    <th role="columnheader" scope="col" className={className} aria-sort={order}>
      <button type="button" className={classes['sort']} onClick={() => sortBy(column)}>
        {column.header}
        <SortIcon size={14} aria-hidden />
      </button>
    </th>
  );
}

function definitionOf<Row extends object>(column: Column<Row>): ColumnDef<typeof features, Row> {
  const { compare } = column;
  return {
    id: column.id,
    accessorFn: (row: Row) => row,
    enableSorting: true,
    sortFn: (one, other) => (compare ? compare(one.original, other.original) : 0),
  };
}

function cellClass<Row>({ align, title, bare }: Column<Row>): string {
  const names = [align === 'right' && 'right', title && 'title', bare && 'bare'];
  return names.flatMap((name) => (name ? (classes[name] ?? []) : [])).join(' ');
}

function stateOf(sorting: Sorting | undefined): SortingState {
  return sorting ? [{ id: sorting.column, desc: sorting.descending }] : [];
}

function sortingOf([first]: SortingState): Sorting | undefined {
  return first && { column: first.id, descending: first.desc };
}
