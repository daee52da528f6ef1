import type { OrderKindName, WireOrder } from '@millrace/contract';
import type { Reason } from '@millrace/contract/vocabulary';
import { type QueryClient, type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { client } from '../session/index.ts';
import { isOutcomeUnknown } from '../wording/index.ts';
import type { Ticket } from './ticket.ts';

/** An order from the moment it is confirmed until the pages show it, or until it is dismissed. */
export interface Submission<Kind extends OrderKindName = OrderKindName> {
  order: Ticket<Kind>;
  at: string;
  state:
    | { name: 'sending' }
    | { name: 'accepted' }
    | { name: 'refused'; reason: Reason | null }
    /** Nobody knows whether it arrived: it may be sent again, under the same id. */
    | { name: 'unsure'; error: unknown }
    /** The server has answered that it does not take it as it is: nothing happened. */
    | { name: 'turned_down'; error: unknown };
}

/** Orders that are kept: a person cannot look after more. Beyond, the oldest is left to the list of orders. */
const SUBMISSIONS_MAX = 20;

/**
 * What was confirmed, for as long as the document lives: a user who looks at another page comes back to an order whose
 * answer never came, with the id under which it can be sent again. Another person begins with a new document.
 */
let list: readonly Submission[] = [];
const listeners = new Set<() => void>();

function change(next: readonly Submission[]): void {
  list = next;
  for (const tell of listeners) tell();
}

export function submissions(): readonly Submission[] {
  return list;
}

function onSubmissions(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function dismissSubmission(orderId: string): void {
  if (list.some(({ order }) => order.id === orderId)) change(list.filter(({ order }) => order.id !== orderId));
}

/** Sends an order, or once more one that may not have arrived. Resolves when the pages show it, or say why not. */
export async function sendSubmission(order: Ticket, cache: QueryClient, changed: readonly QueryKey[]): Promise<void> {
  const at = new Date().toISOString();
  const put = (state: Submission['state']): void =>
    change([{ order, at, state }, ...list.filter((one) => one.order.id !== order.id)].slice(0, SUBMISSIONS_MAX));
  put({ name: 'sending' });
  let answer: WireOrder;
  try {
    answer = await client.orders.submit(order);
  } catch (error) {
    put({ name: isOutcomeUnknown(error) ? 'unsure' : 'turned_down', error });
    return;
  }
  if (answer.status === 'rejected' || answer.status === 'failed') {
    put({ name: 'refused', reason: answer.reason });
    return;
  }
  put({ name: answer.status === 'pending' ? 'sending' : 'accepted' });
  // Until these have been read, the row of the page stands for the order.
  await Promise.all(changed.map((queryKey) => cache.invalidateQueries({ queryKey })));
  dismissSubmission(order.id);
}

export interface Submissions<Kind extends OrderKindName> {
  list: readonly Submission<Kind>[];
  /** Sends an order, or once more one that may not have arrived. */
  send(order: Ticket<Kind>): void;
  dismiss(orderId: string): void;
}

/**
 * What was confirmed of some kinds, shown at once and followed until the server has decided it. Both stay the same from one call to
 * the next. `changed`: what was read that such an order makes untrue.
 */
export function useSubmissions<Kind extends OrderKindName>(
  kinds: readonly Kind[],
  changed: readonly QueryKey[],
): Submissions<Kind> {
  const cache = useQueryClient();
  const all = useSyncExternalStore(onSubmissions, submissions);
  const own = useMemo(() => all.filter((one) => isOf(one, kinds)), [all, kinds]);
  const send = useCallback((order: Ticket<Kind>): void => void sendSubmission(order, cache, changed), [cache, changed]);
  return { list: own, dismiss: dismissSubmission, send };
}

function isOf<Kind extends OrderKindName>(
  one: Submission,
  kinds: readonly Kind[],
): one is Submission & { order: Ticket<Kind> } {
  const known: readonly string[] = kinds;
  return known.includes(one.order.kind);
}
