import type { ReactNode } from 'react';

export interface Column<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Numbers and money: `right`. */
  align?: 'left' | 'right';
  /** Makes the header a button that sorts the rows that are there. Ascending: less than zero where `one` comes first. */
  compare?: (one: Row, other: Row) => number;
  /** Makes the header a button where the server sorts: see `sorting`. */
  sortable?: boolean;
  /** The heading of the row's card on a narrow screen, without a label. */
  title?: boolean;
  /** Its values say by themselves what they are: no label beside them on a narrow screen. */
  bare?: boolean;
}

export interface Sorting {
  column: string;
  descending: boolean;
}
