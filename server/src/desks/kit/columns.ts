import type { JsonObject } from '../../core/json.ts';
import { bigintArray, jsonArray, plainArray, textArray, timestampArray, uuidArray } from '../../db/arrays.ts';

/** One column of a desk's table: its type on both sides, and whether it may be null or change. */
export interface Column<Value, Changes extends boolean = boolean> {
  /** As PostgreSQL calls it, without a precision. */
  readonly type: string;
  readonly isNullable: boolean;
  readonly mayChange: Changes;
  /** The values of many rows as one array parameter. */
  readonly arrayOf: (values: readonly unknown[]) => unknown;
  /** From what the driver gives to what the row holds; absent where they are the same. Never called with null. */
  readonly read?: (value: unknown) => unknown;
  /** Instead of a column: what is read for it, of the table under this alias. It is never written. */
  readonly expression?: (alias: string) => string;
  nullable(): Column<Value | null, Changes>;
  mutable(): Column<Value, true>;
  /** Only for the compiler: there is no such field. */
  readonly value?: Value;
}

type Facts = Pick<Column<unknown>, 'type' | 'arrayOf' | 'read' | 'expression'>;

function column<Value, Changes extends boolean>(
  facts: Facts,
  isNullable: boolean,
  mayChange: Changes,
): Column<Value, Changes> {
  return {
    ...facts,
    isNullable,
    mayChange,
    nullable: () => column(facts, true, mayChange),
    mutable: () => column(facts, isNullable, true),
  };
}

function ofType<Value>(
  type: string,
  arrayOf: (values: readonly never[]) => unknown,
  more: Pick<Facts, 'read' | 'expression'> = {},
): Column<Value, false> {
  return column({ type, arrayOf: arrayOf as Facts['arrayOf'], ...more }, false, false);
}

export const uuid = (): Column<string, false> => ofType('uuid', uuidArray);
/** Any text. */
export const text = (): Column<string, false> => ofType('text', textArray);
/** One of a few fixed words, whose text needs no quoting: `word<'open' | 'closed'>()`. */
export const word = <Word extends string>(): Column<string extends Word ? never : Word, false> =>
  ofType('text', plainArray);
export const integer = (): Column<number, false> => ofType('integer', plainArray);
export const smallint = (): Column<number, false> => ofType('smallint', plainArray);
/** Minor units, or another whole number of 64 bits. */
export const bigint = (): Column<bigint, false> => ofType('bigint', bigintArray);
/** A decimal, as its text. */
export const decimal = (): Column<string, false> => ofType('numeric', plainArray);
export const boolean = (): Column<boolean, false> => ofType('boolean', plainArray);
/** A business date, `YYYY-MM-DD`: dates have no time zone. */
export const date = (): Column<string, false> => ofType('date', plainArray);
/** A moment, in ms since the epoch. */
export const time = (): Column<number, false> =>
  ofType('timestamp with time zone', timestampArray, { read: (value) => (value as Date).getTime() });
export const json = <Value extends object = JsonObject>(): Column<Value, false> =>
  ofType('json', (values: readonly unknown[]) =>
    jsonArray(values.map((value) => (value === null ? null : JSON.stringify(value)))),
  );

/**
 * What is read with the row and never written: an expression over the table under an alias. Not a join, which would lock the
 * other table's row too, which all rows may share.
 */
export const computed = <Value>(expression: (alias: string) => string): Column<Value, false> =>
  ofType('computed', plainArray, { expression });

/** The decimal places of the asset whose code is in that column. */
export const scaleOfAsset = (column: string): Column<number, false> =>
  computed((alias) => `(select a.scale from assets a where a.code = ${alias}.${column})`);
