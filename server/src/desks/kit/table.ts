import type { Statement } from '../../db/transaction.ts';
import type { Column } from './columns.ts';

type Columns = Readonly<Record<string, Column<unknown>>>;
type ValueOf<C> = C extends Column<infer Value> ? Value : never;
type Changeable<C extends Columns> = {
  [Field in keyof C]: C[Field]['mayChange'] extends true ? Field : never;
}[keyof C];

/** A row as decisions see it. */
type Seen<C extends Columns> = { readonly [Field in keyof C]: ValueOf<C[Field]> };
/** A row as `apply` changes it: what never changes cannot be assigned. */
type Changing<C extends Columns> = { readonly [Field in Exclude<keyof C, Changeable<C>>]: ValueOf<C[Field]> } & {
  [Field in Changeable<C>]: ValueOf<C[Field]>;
};

/** A field of the rows, what it is called in the database, and how it is written. */
export interface StoredColumn {
  readonly field: string;
  readonly name: string;
  readonly column: Column<unknown>;
}

/** Reads whole rows of a declared table. `by` says by which fields, for what stands in for the database in tests. */
export interface RowStatement extends Statement {
  readonly table: string;
  readonly by: readonly string[];
}

/** The same rows: in a batch they are locked as they are read, unless something else is their lock; in a preview never. */
export interface Select {
  readonly inBatch: RowStatement;
  readonly inPreview: RowStatement;
}

/**
 * A table of a desk, declared once. `Row` is what decisions see, `Changed` the same row as `apply` changes it. Its statements
 * are made when the module is loaded.
 */
export interface Table<Row, Changed = Row> {
  readonly name: string;
  readonly columns: readonly StoredColumn[];
  /** The fields of the primary key: where the group is one of them, it comes first. */
  readonly key: readonly string[];
  /** The field that holds rows together, where the table has one. */
  readonly group: string | undefined;
  /** The field of the key that tells rows apart, in their group where they have one. */
  readonly member: string;
  readonly selectByKey: Select;
  readonly selectByGroup: Select | undefined;
  readonly insert: Statement;
  /** Writes what may change; undefined where nothing may. */
  readonly update: Statement | undefined;
  readonly delete: Statement;
  /** The columns of each statement's arrays. */
  readonly inserted: readonly StoredColumn[];
  readonly updated: readonly StoredColumn[];
  readonly deleted: readonly StoredColumn[];
  /** What any other select of whole rows lists, of the table under this alias; `rowOf` reads the records. */
  columnsOf(alias: string): string;
  /** The driver's record becomes the row: where nothing has to be converted, it is the row already. */
  rowOf(record: object): Row;
  /** Only for the compiler: there is no such field. */
  readonly changed?: Changed;
}

export type AnyTable = Table<object, object>;
/** `RowOf<typeof loans>`: a row as decisions see it. */
export type RowOf<T> = T extends Table<infer Row, infer _Changed> ? Row : never;
/** The same as `apply` changes it. */
export type ChangedOf<T> = T extends Table<infer _Row, infer Changed> ? Changed : never;

export interface TableDeclaration<C extends Columns> {
  name: string;
  /** The primary key: one field, behind the one of `group` where that is part of it. */
  key: readonly (keyof C & string)[];
  /** Rows with the same value in this field are read and held together: all stakes of a loan. */
  group?: keyof C & string;
  /** `none` where something else is the rows' lock, as a loan is of its stakes. Default `rows`. */
  lock?: 'rows' | 'none';
  columns: C;
}

const declared: AnyTable[] = [];

/** All tables that were declared by now, to be compared with the schema. */
export function declaredTables(): readonly AnyTable[] {
  return declared;
}

/** @throws TypeError where the key is none that rows can be held by, where it may change, or where the table is declared already. */
export function defineTable<const C extends Columns>(declaration: TableDeclaration<C>): Table<Seen<C>, Changing<C>> {
  const { name, key, group, lock = 'rows' } = declaration;
  const [member, ...others] = key.filter((field) => field !== group);
  if (member === undefined || others.length > 0 || key.at(-1) !== member)
    throw new TypeError(`${name}: one field tells the rows of a group apart`);
  if (declared.some((table) => table.name === name)) throw new TypeError(`${name} is declared already`);
  const columns = Object.entries(declaration.columns).map(
    ([field, column]): StoredColumn => ({ field, name: snakeCase(field), column }),
  );
  const stored = columns.filter(({ column }) => column.expression === undefined);
  const keys = key.flatMap((field) => stored.find((column) => column.field === field) ?? []);
  const changing = stored.filter(({ column }) => column.mayChange);
  if (keys.length !== key.length || keys.some(({ column }) => column.mayChange))
    throw new TypeError(`${name}: a key is stored, and never changes`);
  const converted = columns.filter(({ column }) => column.read !== undefined);
  const columnsOf = (alias: string): string => columns.map((column) => selected(column, alias)).join(', ');
  const select = (by: StoredColumn[]): Select =>
    selectOf({ name, lock, list: columnsOf('t'), by, member: snakeCase(member) });
  const table: Table<Seen<C>, Changing<C>> = {
    name,
    columns,
    key,
    group,
    member,
    selectByKey: select(keys),
    selectByGroup: group === undefined ? undefined : select(stored.filter(({ field }) => field === group)),
    insert: {
      name: `${name}_insert`,
      text: `insert into ${name} (${listOf(stored)}) select * from ${unnested(stored)}`,
    },
    update: changing.length === 0 ? undefined : updateOf(name, keys, changing),
    delete: { name: `${name}_delete`, text: `delete from ${name} t using ${unnested(keys)} where ${same(keys)}` },
    inserted: stored,
    updated: [...keys, ...changing],
    deleted: keys,
    columnsOf,
    rowOf: (record) => convert(record as Record<string, unknown>, converted) as Seen<C>,
  };
  declared.push(table);
  return table;
}

const snakeCase = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const listOf = (columns: readonly StoredColumn[]): string => columns.map(({ name }) => name).join(', ');
const same = (columns: readonly StoredColumn[]): string =>
  columns.map(({ name }) => `t.${name} = v.${name}`).join(' and ');

/** Under the field's name, so that the driver's record is the row. */
function selected({ field, name, column }: StoredColumn, alias: string): string {
  const value = column.expression?.(alias) ?? `${alias}.${name}`;
  return field === name && column.expression === undefined ? value : `${value} as "${field}"`;
}

/** The columns as array parameters from $1 on, as rows `v`. */
function unnested(columns: readonly StoredColumn[]): string {
  const arrays = columns.map(({ column }, index) => `$${index + 1}::${column.type}[]`);
  return `unnest(${arrays.join(', ')}) as v (${listOf(columns)})`;
}

function updateOf(name: string, keys: readonly StoredColumn[], changing: readonly StoredColumn[]): Statement {
  const assignments = changing.map((column) => `${column.name} = v.${column.name}`).join(', ');
  return {
    name: `${name}_update`,
    text: `update ${name} t set ${assignments} from ${unnested([...keys, ...changing])} where ${same(keys)}`,
  };
}

interface SelectParts {
  name: string;
  lock: 'rows' | 'none';
  list: string;
  by: readonly StoredColumn[];
  member: string;
}

/** In the order of the key where rows are locked, as all workers do it, or make a group; else sorting them would help nobody. */
function selectOf({ name, lock, list, by, member }: SelectParts): Select {
  const [first] = by as [StoredColumn];
  const rows =
    by.length === 1
      ? `from ${name} t where t.${first.name} = any($1::${first.column.type}[])`
      : `from ${unnested(by)} join ${name} t on ${same(by)}`;
  const ordered = [...new Set([...by.map((column) => column.name), member])].map((column) => `t.${column}`).join(', ');
  const isGroup = !by.some((column) => column.name === member);
  const order = lock === 'rows' || isGroup ? ` order by ${ordered}` : '';
  const inPreview: RowStatement = {
    name: `${name}_by_${by.map((column) => column.name).join('_and_')}`,
    text: `select ${list} ${rows}${order}`,
    table: name,
    by: by.map(({ field }) => field),
  };
  if (lock === 'none') return { inPreview, inBatch: inPreview };
  const text = `${inPreview.text} for update of t`;
  return { inPreview, inBatch: { ...inPreview, name: `${inPreview.name}_locked`, text } };
}

function convert(record: Record<string, unknown>, columns: readonly StoredColumn[]): object {
  for (const { field, column } of columns) {
    const value = record[field];
    if (value !== null) record[field] = column.read?.(value);
  }
  return record;
}
