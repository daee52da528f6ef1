import type { Statement } from '../../src/db/transaction.ts';
import { type AnyTable, declaredTables, type RowOf, type RowStatement, rowSetsOf } from '../../src/desks/kit/index.ts';
import { elementsOf } from './array-parameter.ts';

type Fields = Record<string, unknown>;

/** What a database holds of declared tables, in memory: it answers their selects, and keeps what a batch wrote. */
export class MemoryTables {
  private readonly tables = new Map<string, Map<string, Fields>>();

  put<T extends AnyTable>(table: T, row: RowOf<T>): void {
    this.of(table).set(keyOf(table, row as Fields), { ...(row as Fields) });
  }

  rows<T extends AnyTable>(table: T): RowOf<T>[] {
    return [...this.of(table).values()] as RowOf<T>[];
  }

  /** The records as the driver would give them; undefined for a statement that is no declared table's. */
  answer(statement: Statement, parameters: readonly unknown[]): object[] | undefined {
    const { table: name, by } = statement as Partial<RowStatement>;
    const table = declaredTables().find((one) => one.name === name);
    if (!table || !by) return undefined;
    const lists = parameters.map(elementsOf);
    const asked = new Set(lists[0]?.map((_, index) => lists.map((list) => list[index]).join('/')));
    const valuesOf = (row: Fields): string => by.map((field) => String(row[field])).join('/');
    return [...this.of(table).values()]
      .filter((row) => asked.has(valuesOf(row)))
      .sort((a, b) => inOrder(valuesOf(a), valuesOf(b)) || inOrder(a[table.member], b[table.member]))
      .map((row) => recordOf(table, row));
  }

  /** As `write` would: what is new is not there yet, what changed is. */
  store(rows: object): void {
    for (const { table, removed, added, changed } of rowSetsOf(rows)) {
      const held = this.of(table);
      for (const row of removed) held.delete(keyOf(table, row as Fields));
      for (const [set, isThere] of [
        [added, false],
        [changed, true],
      ] as const) {
        for (const row of set as Iterable<Fields>) {
          const key = keyOf(table, row);
          if (held.has(key) !== isThere) throw new Error(`${table.name} ${key} is there: ${!isThere}`);
          held.set(key, { ...row });
        }
      }
    }
  }

  private of({ name }: AnyTable): Map<string, Fields> {
    const known = this.tables.get(name);
    if (known) return known;
    const table = new Map<string, Fields>();
    this.tables.set(name, table);
    return table;
  }
}

function keyOf(table: AnyTable, row: Fields): string {
  return table.key.map((field) => String(row[field])).join('/');
}

function inOrder(a: unknown, b: unknown): number {
  if (a === b) return 0;
  return (a as string) < (b as string) ? -1 : 1;
}

function recordOf(table: AnyTable, row: Fields): object {
  const record = { ...row };
  for (const { field, column } of table.columns)
    if (column.type === 'timestamp with time zone' && record[field] !== null)
      record[field] = new Date(record[field] as number);
  return record;
}
