import type { OrderKindName, OrdersQuery } from '@millrace/contract';
import { isDay, periodOf } from '../../../money/index.ts';
import { textIn, wordIn } from '../../../navigation/index.ts';
import { isUserId, ORDER_KINDS, ORDER_STATUSES } from '../../../wording/index.ts';

/** What the list shows, as its address says it. Days are the reader's own, the last one included. */
export interface OrderFilters {
  kind: OrderKindName | undefined;
  status: (typeof ORDER_STATUSES)[number] | undefined;
  /** As it was typed: `isWrong` says whether it is one. */
  user_id: string | undefined;
  from: string | undefined;
  to: string | undefined;
}

export function readFilters(raw: Record<string, unknown>): OrderFilters {
  const day = (name: string): string | undefined => {
    const text = textIn(raw, name);
    return text !== undefined && isDay(text) ? text : undefined;
  };
  return {
    kind: wordIn(raw, 'kind', ORDER_KINDS),
    status: wordIn(raw, 'status', ORDER_STATUSES),
    user_id: textIn(raw, 'user_id'),
    from: day('from'),
    to: day('to'),
  };
}

/** A user's id that is none: everybody's orders would be another answer than the one that was asked for. */
export function isWrong({ user_id }: OrderFilters): boolean {
  return user_id !== undefined && !isUserId(user_id);
}

/** Whether the list leaves some orders out. */
export function isFiltered(filters: OrderFilters): boolean {
  return Object.values(filters).some((filter) => filter !== undefined);
}

export function queryOf({ kind, status, user_id, from, to }: OrderFilters): OrdersQuery {
  return {
    ...(user_id === undefined ? { everybody: true } : { user_id }),
    ...(kind === undefined ? {} : { kind }),
    ...(status === undefined ? {} : { status }),
    ...periodOf({ from, to }),
  };
}
