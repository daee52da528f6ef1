import type { WireOrder } from '@millrace/contract';
import { fieldOf, ID_PREFIXES, ORDERS } from '@millrace/contract/vocabulary';
import { formatMoney, withPlaces } from '../../money/index.ts';
import { type NamedThing, thingIn } from '../../things/index.ts';
import { isOrderKind, kindLabel, wordsOfName } from '../../wording/index.ts';

/** What an amount is written in where the order names no asset. */
export interface Currency {
  asset: string;
  scale: number;
}

type Fields = Readonly<Record<string, unknown>>;

const text = ({ params, result }: WireOrder, name: string): string =>
  valueOf((params as Fields)[name] ?? (result as Fields)[name] ?? '');

/** What an id in the order is called; undefined: it was not told. */
function nameIn(order: WireOrder, field: string): string | undefined {
  return order.names?.[text(order, field).toLowerCase()];
}

/** What was asked for, in a sentence's beginning. */
export function describeOrder(order: WireOrder, currency: Currency): string {
  if (!isOrderKind(order.kind)) return kindLabel(order.kind);
  return ORDERS[order.kind].doing.replaceAll(/\{(\w+)(?:\|([^}]*))?\}/g, (_, field: string, unnamed?: string) =>
    isAmount(order.kind, field)
      ? moneyOf(order, text(order, field), currency)
      : (nameIn(order, field) ?? unnamed ?? text(order, field)),
  );
}

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** An amount of the order with its asset's sign, in all the places of the currency: clients send "50" as well as "50.00". */
export function moneyOf(order: WireOrder, amount: unknown, currency: Currency): string {
  const plain = valueOf(amount);
  if (!DECIMAL.test(plain)) return plain;
  const asset = text(order, 'asset') || currency.asset;
  return formatMoney(withPlaces(plain, asset === currency.asset ? currency.scale : 0), asset);
}

/** The thing that the order is about; undefined where it is about none. */
export function thingOfOrder({ params, result, names }: WireOrder): NamedThing | undefined {
  return thingIn({ ...result, ...params }, names);
}

const isAmount = (kind: string, field: string): boolean => fieldOf(kind, field)?.isAmount === true;

export interface Field {
  name: string;
  label: string;
  value: string;
  /** Where the value is an id, or what it is called. */
  id?: string;
}

/** The fields of `params`, or of `result` what is not in `params` already, in words. The asset of a result stands with its amounts. */
export function fieldsOf(order: WireOrder, part: 'params' | 'result', currency: Currency): Field[] {
  const fields = Object.entries(order[part] as Fields);
  const known: Fields = part === 'params' ? {} : { ...(order.params as Fields), asset: undefined };
  return fields
    .filter(([name]) => !(name in known))
    .map(([name, value]) => ({
      name,
      label: fieldOf(order.kind, name)?.label ?? wordsOfName(name),
      value: isAmount(order.kind, name)
        ? moneyOf(order, value, currency)
        : ((isId(value) || name === 'merchant' ? order.names?.[valueOf(value).toLowerCase()] : undefined) ??
          valueOf(value)),
      ...(isId(value) ? { id: value } : {}),
    }));
}

function valueOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}

const ID = new RegExp(`^(${Object.values(ID_PREFIXES).join('|')})_`);

function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}
