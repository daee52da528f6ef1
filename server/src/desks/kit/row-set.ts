import type { Loader, Writer } from '../desk.ts';
import { Asked, must, Part, partsOf } from './part.ts';
import type { AnyTable, ChangedOf, RowOf, Select, StoredColumn } from './table.ts';

/** What a row is held by: the value of one field. */
export type Key = string | number;

/** Reads rows by their key: of a table with groups, by pairs of group and member. Sends at once, and nothing for nothing. */
export function readRows<T extends AnyTable>(
  loader: Loader,
  table: T,
  keys: Iterable<Key> | Iterable<readonly [group: Key, member: Key]>,
): Promise<RowOf<T>[]> {
  const parts = [...keys];
  const lists = table.key.map((_field, index) => parts.map((key) => (typeof key === 'object' ? key[index] : key)));
  return read(loader, table, table.selectByKey, lists);
}

/** Reads all rows of these groups, each group's in the order of its members. */
export function readGroups<T extends AnyTable>(loader: Loader, table: T, groups: Iterable<Key>): Promise<RowOf<T>[]> {
  if (!table.selectByGroup) throw new TypeError(`${table.name} has no groups`);
  return read(loader, table, table.selectByGroup, [[...groups]]);
}

async function read<T extends AnyTable>(
  loader: Loader,
  table: T,
  { inBatch, inPreview }: Select,
  lists: readonly (readonly unknown[])[],
): Promise<RowOf<T>[]> {
  if (lists[0]?.length === 0) return [];
  const statement = loader.forUpdate === '' ? inPreview : inBatch;
  const arrays = statement.by.map((field, index) => columnOf(table, field).column.arrayOf(lists[index] ?? []));
  const records = await loader.select<object>(statement, arrays);
  return records.map(table.rowOf) as RowOf<T>[];
}

function columnOf({ columns }: AnyTable, field: string): StoredColumn {
  return columns.find((column) => column.field === field) as StoredColumn;
}

/** What a batch does to the rows of one table, collapsed: a row that comes and goes was never there. */
abstract class Changes<T extends AnyTable> extends Part {
  readonly table: T;
  readonly locks: boolean;
  readonly added = new Set<RowOf<T>>();
  readonly changed = new Set<RowOf<T>>();
  readonly removed = new Set<RowOf<T>>();

  constructor(table: T) {
    super();
    this.table = table;
    this.locks = table.selectByKey.inBatch !== table.selectByKey.inPreview;
  }

  protected markChanged(row: RowOf<T>): ChangedOf<T> {
    if (!this.added.has(row)) this.changed.add(row);
    return row as unknown as ChangedOf<T>;
  }

  protected markRemoved(held: RowOf<T> | undefined, row: RowOf<T>): void {
    if (held !== undefined && this.added.delete(held)) return;
    if (held !== undefined) this.changed.delete(held);
    this.removed.add(row);
  }

  protected keyOf(row: RowOf<T>, field: string): Key {
    return row[field as keyof RowOf<T>] as Key;
  }

  /** One statement for what is gone, one for what is new, one for what changed: the rows as they are after the batch. */
  write(writer: Writer): void {
    const { removed, added, changed, table } = this;
    if (removed.size > 0) writer.write(table.delete, arraysOf(table.deleted, [...removed]));
    if (added.size > 0) writer.write(table.insert, arraysOf(table.inserted, [...added]));
    if (changed.size > 0 && table.update) writer.write(table.update, arraysOf(table.updated, [...changed]));
  }
}

function arraysOf(columns: readonly StoredColumn[], rows: readonly object[]): unknown[] {
  return columns.map(({ field, column }) => column.arrayOf(rows.map((row) => row[field as keyof typeof row])));
}

/**
 * The rows of a table that a batch knows, by their key. `Expected`: the fields that are known of a row before it is there, from
 * the command that may add it.
 */
export class RowSet<T extends AnyTable, Expected extends keyof RowOf<T> = never> extends Changes<T> {
  private readonly rows = new Map<Key, RowOf<T>>();
  private readonly asked = new Asked<Key>();
  private readonly expected = new Map<Key, Pick<RowOf<T>, Expected>[]>();

  ask(key: Key): void {
    this.asked.add(key);
  }

  /** All that was asked for, there or not. */
  get named(): ReadonlySet<Key> {
    return this.asked.all;
  }

  get isAsked(): boolean {
    return this.asked.unread.length > 0;
  }

  async read(loader: Loader): Promise<void> {
    this.know(await readRows(loader, this.table, this.asked.take()));
  }

  know(rows: readonly RowOf<T>[]): this {
    for (const row of rows) this.rows.set(this.keyOf(row, this.table.member), row);
    return this;
  }

  /** A command of this batch may add such a row, and later ones may need it. */
  expect(key: Key, row: Pick<RowOf<T>, Expected>): void {
    const rows = this.expected.get(key);
    if (rows) rows.push(row);
    else this.expected.set(key, [row]);
  }

  /** What the row is that later commands of the batch may find: the one that was read, else those that it may add. */
  possible(key: Key): readonly Pick<RowOf<T>, Expected>[] {
    const row = this.rows.get(key);
    return row ? [row] : (this.expected.get(key) ?? []);
  }

  get(key: Key): RowOf<T> | undefined {
    return this.rows.get(key);
  }

  has(key: Key): boolean {
    return this.rows.has(key);
  }

  values(): Iterable<RowOf<T>> {
    return this.rows.values();
  }

  /** @throws Error where it was not read. */
  must(key: Key): RowOf<T> {
    return must(this.rows.get(key), this.table.name, key);
  }

  add(row: RowOf<T>): void {
    const key = this.keyOf(row, this.table.member);
    if (this.rows.has(key)) throw new Error(`${this.table.name} has ${key} already`);
    this.rows.set(key, row);
    this.added.add(row);
  }

  /** The row, to be changed in place. */
  change(key: Key): ChangedOf<T> {
    return this.markChanged(this.must(key));
  }

  /** Also of a row that was not read: its key is what counts. */
  remove(row: RowOf<T>): void {
    const key = this.keyOf(row, this.table.member);
    this.markRemoved(this.rows.get(key), row);
    this.rows.delete(key);
  }
}

/** The rows of a table that a batch knows, by group and member. Of a group it may know some rows, or all. */
export class RowGroups<T extends AnyTable> extends Changes<T> {
  private readonly groups = new Map<Key, Map<Key, RowOf<T>>>();
  private readonly whole = new Set<Key>();
  private readonly askedGroups = new Asked<Key>();
  private readonly askedRows = new Map<Key, Asked<Key>>();

  /** One row. */
  ask(group: Key, member: Key): void {
    let asked = this.askedRows.get(group);
    if (!asked) this.askedRows.set(group, (asked = new Asked()));
    asked.add(member);
  }

  /** All rows of the group. */
  askAll(group: Key): void {
    this.askedGroups.add(group);
  }

  get isAsked(): boolean {
    return this.askedGroups.unread.length > 0 || [...this.askedRows.values()].some(({ unread }) => unread.length > 0);
  }

  async read(loader: Loader): Promise<void> {
    const pairs = [...this.askedRows].flatMap(([group, asked]) =>
      asked.take().map((member) => [group, member] as const),
    );
    const groups = this.askedGroups.take();
    const [some, all] = await Promise.all([
      readRows(loader, this.table, pairs),
      readGroups(loader, this.table, groups),
    ]);
    this.know(some).knowAll(groups, all);
  }

  /** Some rows, of whatever groups. */
  know(rows: readonly RowOf<T>[]): this {
    for (const row of rows) this.hold(row);
    return this;
  }

  /** All rows of these groups: there are no others. */
  knowAll(groups: Iterable<Key>, rows: readonly RowOf<T>[] = []): this {
    for (const group of groups) {
      this.whole.add(group);
      if (!this.groups.has(group)) this.groups.set(group, new Map());
    }
    return this.know(rows);
  }

  isWhole(group: Key): boolean {
    return this.whole.has(group);
  }

  get(group: Key, member: Key): RowOf<T> | undefined {
    return this.groups.get(group)?.get(member);
  }

  /** @throws Error where it was not read. */
  must(group: Key, member: Key): RowOf<T> {
    return must(this.get(group, member), this.table.name, `${group}/${member}`);
  }

  /** @throws Error unless all of the group's rows were read. */
  all(group: Key): ReadonlyMap<Key, RowOf<T>> {
    if (!this.whole.has(group)) throw new Error(`not all ${this.table.name} of ${group} were read`);
    return this.groups.get(group) as ReadonlyMap<Key, RowOf<T>>;
  }

  add(row: RowOf<T>): void {
    if (!this.hold(row))
      throw new Error(`${this.table.name} has such a row already: ${this.keyOf(row, this.table.member)}`);
    this.added.add(row);
  }

  /** The row, to be changed in place. */
  change(group: Key, member: Key): ChangedOf<T> {
    return this.markChanged(this.must(group, member));
  }

  /** Also of a row that was not read: its key is what counts. */
  remove(row: RowOf<T>): void {
    const group = this.groups.get(this.keyOf(row, this.table.group as string));
    const member = this.keyOf(row, this.table.member);
    this.markRemoved(group?.get(member), row);
    group?.delete(member);
  }

  /** Whether it was not held yet. What is held stays: it may have been changed since it was read. */
  private hold(row: RowOf<T>): boolean {
    const key = this.keyOf(row, this.table.group as string);
    const member = this.keyOf(row, this.table.member);
    const group = this.groups.get(key);
    if (!group) this.groups.set(key, new Map([[member, row]]));
    else if (group.has(member)) return false;
    else group.set(member, row);
    return true;
  }
}

export type AnyRows = Changes<AnyTable>;

/** The sets of a desk's working set: every field that is one. */
export function rowSetsOf(rows: object): AnyRows[] {
  return partsOf(rows).filter((part): part is AnyRows => part instanceof Changes);
}

/** A desk's `write`: every set that the desk's rows have, in the order of its fields. None can be forgotten. */
export function writeRows(writer: Writer, rows: object): void {
  for (const set of rowSetsOf(rows)) set.write(writer);
}
