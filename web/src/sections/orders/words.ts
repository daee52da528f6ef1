import type { OrderKindName, WireOrder } from '@millrace/contract';
import {
  type Icon,
  IconArrowBackUp,
  IconBuildingBank,
  IconCash,
  IconCashOff,
  IconQuestionMark,
  IconSend,
  IconShoppingCart,
} from '@tabler/icons-react';
import { formatMoney, withPlaces } from '../../money/index.ts';
import { isOrderKind, kindLabel, wordsOfName } from '../../wording/index.ts';

/** What an amount is written in where the order names no asset. */
export interface Currency {
  asset: string;
  scale: number;
}

interface KindWords {
  icon: Icon;
  /** What was asked for, as the beginning of a sentence: "Invest $50.00". */
  describe: (order: WireOrder, money: (amount: unknown) => string) => string;
}

type Fields = Readonly<Record<string, unknown>>;

const text = ({ params, result }: WireOrder, name: string): string =>
  valueOf((params as Fields)[name] ?? (result as Fields)[name] ?? '');

/** What an id in the order is called; undefined: it was not told. */
function nameIn(order: WireOrder, field: string): string | undefined {
  return order.names?.[text(order, field).toLowerCase()];
}

/** The kinds of orders, in the words of those who place them. */
export const ORDER_WORDS: Readonly<Record<OrderKindName, KindWords>> = {
  fund_loan: {
    icon: IconBuildingBank,
    describe: (order, money) => `Invest ${money(text(order, 'amount'))} in a loan`,
  },
  repay_loan: { icon: IconArrowBackUp, describe: () => 'Pay the next instalment of a loan' },
  recover_loan: {
    icon: IconArrowBackUp,
    describe: () => 'Pay an instalment of a loan in default with what was recovered',
  },
  deposit: {
    icon: IconCash,
    describe: (order, money) => `Bring in ${money(text(order, 'amount'))}`,
  },
  withdraw: {
    icon: IconCashOff,
    describe: (order, money) => `Send ${money(text(order, 'amount'))} to your bank`,
  },
  transfer: {
    icon: IconSend,
    describe: (order, money) => `Send ${money(text(order, 'amount'))} to ${nameIn(order, 'to_user') ?? 'another user'}`,
  },
  pay: {
    icon: IconShoppingCart,
    describe: (order, money) =>
      `Pay ${nameIn(order, 'merchant') ?? text(order, 'merchant')} for ${text(order, 'quantity')} × ${text(order, 'item')} at ${money(text(order, 'price'))}`,
  },
};

export function kindIcon(kind: string): Icon {
  return isOrderKind(kind) ? ORDER_WORDS[kind].icon : IconQuestionMark;
}

/** What was asked for, in a sentence's beginning. */
export function describeOrder(order: WireOrder, currency: Currency): string {
  if (!isOrderKind(order.kind)) return kindLabel(order.kind);
  return ORDER_WORDS[order.kind].describe(order, (amount) => moneyOf(order, amount, currency));
}

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** An amount of the order with its asset's sign, in all the places of the currency: clients send "50" as well as "50.00". */
export function moneyOf(order: WireOrder, amount: unknown, currency: Currency): string {
  const plain = valueOf(amount);
  if (!DECIMAL.test(plain)) return plain;
  const asset = text(order, 'asset') || currency.asset;
  return formatMoney(withPlaces(plain, asset === currency.asset ? currency.scale : 0), asset);
}

/** The loan that the order is about; undefined where it is about none. */
export function loanOf(order: WireOrder): string | undefined {
  const id = text(order, 'loan_id');
  return id === '' ? undefined : id;
}

const FIELD_WORDS: Readonly<Record<string, string>> = {
  loan_id: 'Loan',
  amount: 'Amount',
  accepted_amount: 'Accepted',
  allow_partial: 'Less may be taken',
  asset: 'Asset',
  to_user: 'To',
  merchant: 'Merchant',
  item: 'Item',
  quantity: 'Quantity',
  price: 'Price of one',
  stage: 'Stage',
  number: 'Instalment',
  remaining: 'Still open then',
  principal: 'Principal',
  interest: 'Interest',
  user_id: 'User',
  order_id: 'Order',
};

const AMOUNTS: ReadonlySet<string> = new Set([
  'amount',
  'accepted_amount',
  'price',
  'remaining',
  'principal',
  'interest',
]);

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
      label: FIELD_WORDS[name] ?? wordsOfName(name),
      value: AMOUNTS.has(name)
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

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^(loan|usr|ord)_/.test(value);
}
