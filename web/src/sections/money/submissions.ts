import type { WireOrder } from '@millrace/contract';
import type { QueryClient } from '@tanstack/react-query';
import { keys } from '../../live/index.ts';
import { client } from '../../session/index.ts';
import { isOutcomeUnknown } from '../../wording/index.ts';
import type { Submission } from './movements.ts';

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

export function onSubmissions(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function dismissSubmission(orderId: string): void {
  if (list.some(({ order }) => order.id === orderId)) change(list.filter(({ order }) => order.id !== orderId));
}

/** Sends an order, or once more one that may not have arrived. Resolves when the pages show it, or say why not. */
export async function sendSubmission(order: Submission['order'], cache: QueryClient): Promise<void> {
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
  const changed = [keys.pendingWithdrawals(), keys.accounts(), keys.transfers(), keys.portfolio()];
  await Promise.all(changed.map((queryKey) => cache.invalidateQueries({ queryKey })));
  dismissSubmission(order.id);
}
