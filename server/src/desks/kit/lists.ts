import type pg from 'pg';
import { cursorOf, pageOf, readCursor, type ReadPart, readUuid } from '../../core/list-cursor.ts';
import type { Page, Result } from '../../core/result.ts';
import type { AnyTable, RowOf, StoredColumn } from './table.ts';

/** The last millisecond that JavaScript has; the database has later ones. */
const TIME_MS_MAX = 8.64e15;

/** A time in ms. Whatever a cursor holds, the database can read it. It writes the year 10000 without the sign and zeros that JavaScript gives it. */
export const readTime: ReadPart = (text) =>
  /^\d{1,16}$/.test(text) && Number(text) <= TIME_MS_MAX
    ? new Date(Number(text)).toISOString().replace(/^\+0*/, '')
    : undefined;

/** As `encodeURIComponent` wrote it. The database has no U+0000. */
const readText: ReadPart = (text) => {
  try {
    const read = decodeURIComponent(text);
    return read.includes('\0') ? undefined : read;
  } catch {
    return undefined;
  }
};

/** By what a list can be ordered: how a value stands in a cursor, and is read from one. */
const ORDERS: ReadonlyMap<string, { read: ReadPart; write: (value: unknown) => string }> = new Map([
  ['uuid', { read: readUuid, write: String }],
  // Rows are written with the milliseconds of the business clock, so that nothing is rounded.
  ['timestamp with time zone', { read: readTime, write: String }],
  ['text', { read: readText, write: (value: unknown) => encodeURIComponent(value as string) }],
]);

export interface TableList<T extends AnyTable> {
  /** What its cursors are called. They are no other list's. */
  list: string;
  /** The fields by which it is ordered; the last tells all rows apart. Ids that intake makes are in the order of their time. */
  by: readonly (keyof RowOf<T> & string)[];
  /** Default `desc`: newest first. */
  direction?: 'asc' | 'desc';
  /** Which rows, as SQL over `t`, with the call's `values` as `$1` and so on. With `by` it has an index, or there are few rows. */
  where: string;
}

type ReadPage<Row> = <View>(
  pool: pg.Pool,
  page: { limit: number; cursor?: string | undefined },
  rows: { values: readonly unknown[]; view: (row: Row) => View },
) => Promise<Result<Page<View>>>;

/**
 * The pages of a table's rows, made once. Error of a page: `invalid_cursor`.
 *
 * @throws TypeError where the order is by something that no cursor can hold.
 */
export function pageOfTable<T extends AnyTable>(table: T, declaration: TableList<T>): ReadPage<RowOf<T>> {
  const { list, by, direction = 'desc', where } = declaration;
  const columns = by.map((field) => table.columns.find((column) => column.field === field) as StoredColumn);
  const orders = columns.map(({ name, column }) => {
    const order = column.isNullable ? undefined : ORDERS.get(column.type);
    if (!order) throw new TypeError(`${table.name} cannot be listed by ${name}`);
    return order;
  });
  // What follows the values of `where`.
  const first = 1 + Math.max(0, ...[...where.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
  const place = columns.map(({ column }, index) => `$${first + index}::${column.type}`);
  const named = columns.map(({ name }) => `t.${name}`);
  const sql = `select ${table.columnsOf('t')} from ${table.name} t
where (${where}) and (${place[0]} is null or (${named.join(', ')}) ${direction === 'asc' ? '>' : '<'} (${place.join(', ')}))
order by ${named.map((name) => `${name} ${direction}`).join(', ')} limit $${first + columns.length}::integer`;
  return async (pool, { limit, cursor }, { values, view }) => {
    const after = readCursor(
      list,
      cursor,
      orders.map(({ read }) => read),
    );
    if (!after.ok) return after;
    const { rows } = await pool.query<object>(sql, [...values, ...after.value, limit + 1]);
    const cursorAfter = (row: RowOf<T>): string =>
      cursorOf(list, ...orders.map(({ write }, index) => write(row[by[index] as keyof RowOf<T>])));
    return { ok: true, value: pageOf(rows.map(table.rowOf) as RowOf<T>[], limit, { view, cursor: cursorAfter }) };
  };
}

/** One row as it was committed, by its key. */
export async function readRow<T extends AnyTable>(
  pool: pg.Pool,
  table: T,
  ...key: readonly (string | number)[]
): Promise<RowOf<T> | undefined> {
  const { text, by } = table.selectByKey.inPreview;
  const arrays = by.map((field, index) =>
    table.columns.find((column) => column.field === field)?.column.arrayOf([key[index]]),
  );
  const { rows } = await pool.query<object>(text, arrays);
  return rows[0] && (table.rowOf(rows[0]) as RowOf<T>);
}
