import { type IdPrefix, type Reading, readAmount, readId, readWhole } from '@millrace/client/reading';
import { Amount, ID_PREFIXES, KINDS, OrderId } from '@millrace/contract';

/** The asset that orders are in which name none. */
export interface CurrencyScale {
  asset: string;
  scale: number;
}

interface Schema {
  type?: string;
  minimum?: number;
  maximum?: number;
  pattern?: string;
}

/** Every parameter of every order. */
const PARAMETERS: ReadonlyMap<string, Schema> = new Map(
  Object.values(KINDS)
    .filter((kind) => kind.visible)
    .flatMap((kind) => Object.entries(kind.params.properties) as [string, Schema][]),
);

export type FieldName = string;
/** What the header of a file may name. */
export const NAMES: readonly FieldName[] = ['kind', 'id', ...PARAMETERS.keys()];

/** What the ids in a column begin with, by the parameter's schema; undefined: it holds no ids. */
function prefixOf(name: FieldName): IdPrefix | undefined {
  const pattern = (name === 'id' ? (OrderId as Schema) : PARAMETERS.get(name))?.pattern;
  const prefix = /^\^([a-z]+)_/.exec(pattern ?? '')?.[1];
  return PREFIXES.find((one) => one === prefix);
}
const PREFIXES: readonly IdPrefix[] = Object.values(ID_PREFIXES);

/** Whether it names a thing such as a loan, which has an asset that a file does not tell. */
function namesThing(name: FieldName): boolean {
  const prefix = prefixOf(name);
  return prefix !== undefined && prefix !== ID_PREFIXES.user && prefix !== ID_PREFIXES.order;
}

/**
 * The cells of an order as its schema wants them, read like everything that people type. A number that can mean two things
 * makes the line faulty; what is of another kind and does not fit stays text, and the server says what is wrong with it.
 */
export function valuesOf(
  cells: Partial<Record<FieldName, string>>,
  currency?: CurrencyScale,
): Reading<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const [name, cell] of Object.entries(cells) as [FieldName, string][]) {
    const read = valueOf(name, cell, assetOf(cells, currency));
    if (!read.ok) return { ...read, words: `${name}: ${read.words}` };
    values[name] = read.value;
  }
  return { ok: true, value: values };
}

/** The order's asset with its places, as far as they are known. */
function assetOf(
  cells: Partial<Record<FieldName, string>>,
  currency: CurrencyScale | undefined,
): { asset?: string; scale: number | undefined } {
  const asset = cells['asset'];
  if (currency && (asset === currency.asset || (asset === undefined && !Object.keys(cells).some(namesThing))))
    return currency;
  return { scale: undefined, ...(asset === undefined ? {} : { asset }) };
}

function valueOf(
  name: FieldName,
  cell: string,
  asset: { asset?: string; scale: number | undefined },
): Reading<unknown> {
  const schema = PARAMETERS.get(name);
  if (schema === Amount) return readAmount(cell, asset);
  if (schema?.type === 'integer')
    return readWhole(cell, { min: schema.minimum ?? 0, max: schema.maximum ?? Number.MAX_SAFE_INTEGER });
  if (schema?.type === 'boolean' && /^(true|false)$/i.test(cell))
    return { ok: true, value: cell.toLowerCase() === 'true' };
  if (name === 'kind') return { ok: true, value: kindOf(cell) };
  const prefix = prefixOf(name);
  const id = prefix && readId(cell, prefix);
  if (id?.ok) return id;
  return { ok: true, value: cell };
}

/** A kind is the same in capitals and with a space in it: spreadsheets begin a cell with a capital. */
function kindOf(cell: string): string {
  const plain = cell.toLowerCase().replaceAll(/[\s-]+/g, '_');
  return Object.hasOwn(KINDS, plain) ? plain : cell;
}
