import type { OrderKindName, OrdersQuery } from '@millrace/contract';
import { textIn, wordIn } from '../../../navigation/index.ts';

type Status = NonNullable<OrdersQuery['status']>;

/** As the contract orders them; the compiler says when one is missing. */
const KINDS: Readonly<Record<OrderKindName, true>> = {
  fund_loan: true,
  repay_loan: true,
  deposit: true,
  withdraw: true,
  transfer: true,
  pay: true,
};
export const ORDER_KINDS = Object.keys(KINDS) as OrderKindName[];
export const ORDER_STATUSES = [
  'pending',
  'open',
  'completed',
  'rejected',
  'canceled',
  'failed',
] as const satisfies readonly Status[];

const USER_ID = /^usr_[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What the list shows, as its address says it. Days are the reader's own, the last one included. */
export interface OrderFilters {
  kind: OrderKindName | undefined;
  status: Status | undefined;
  user_id: string | undefined;
  from: string | undefined;
  to: string | undefined;
}

export function readFilters(raw: Record<string, unknown>): OrderFilters {
  const matching = (name: string, pattern: RegExp): string | undefined => {
    const text = textIn(raw, name);
    return text !== undefined && pattern.test(text) ? text : undefined;
  };
  return {
    kind: wordIn(raw, 'kind', ORDER_KINDS),
    status: wordIn(raw, 'status', ORDER_STATUSES),
    user_id: matching('user_id', USER_ID),
    from: matching('from', DAY),
    to: matching('to', DAY),
  };
}

/** The beginning of a day, `days` later, where the reader is; undefined where there is no such day. */
function beginningOf(day: string, days: number): string | undefined {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const moment = new Date(year, month - 1, date + days);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

export function queryOf({ kind, status, user_id, from, to }: OrderFilters): OrdersQuery {
  const since = from === undefined ? undefined : beginningOf(from, 0);
  const until = to === undefined ? undefined : beginningOf(to, 1);
  return {
    ...(user_id === undefined ? { everybody: true } : { user_id }),
    ...(kind === undefined ? {} : { kind }),
    ...(status === undefined ? {} : { status }),
    ...(since === undefined ? {} : { from: since }),
    ...(until === undefined ? {} : { to: until }),
  };
}
