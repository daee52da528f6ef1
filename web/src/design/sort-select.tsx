import { NativeSelect } from '@mantine/core';
import type { Column, Sorting } from './columns.ts';

export interface SortSelectProps<Row> {
  /** The columns that can be sorted by. */
  columns: readonly Column<Row>[];
  sorting: Sorting | undefined;
  /** The server sorts each column its own way round; rows that are here are sorted either way. */
  byServer: boolean;
  change: (next: Sorting) => void;
}

interface Option {
  value: string;
  label: string;
  sorting: Sorting;
}

function optionsOf<Row>({ id, header, align }: Column<Row>, byServer: boolean): Option[] {
  if (byServer) return [{ value: id, label: header, sorting: { column: id, descending: align === 'right' } }];
  return [
    { value: `${id} up`, label: `${header}, ascending`, sorting: { column: id, descending: false } },
    { value: `${id} down`, label: `${header}, descending`, sorting: { column: id, descending: true } },
  ];
}

/** In place of the headers where the screen is narrow and rows are cards. */
export function SortSelect<Row>({ columns, sorting, byServer, change }: SortSelectProps<Row>) {
  const options = columns.flatMap((column) => optionsOf(column, byServer));
  const current = options.find(
    (option) =>
      option.sorting.column === sorting?.column && (byServer || option.sorting.descending === sorting.descending),
  );
  return (
    <NativeSelect
      hiddenFrom="sm"
      label="Sort by"
      mb="sm"
      data={[
        ...(current ? [] : [{ value: '', label: 'As it comes' }]),
        ...options.map(({ value, label }) => ({ value, label })),
      ]}
      value={current?.value ?? ''}
      onChange={(event) => {
        const chosen = options.find(({ value }) => value === event.currentTarget.value);
        if (chosen) change(chosen.sorting);
      }}
    />
  );
}
