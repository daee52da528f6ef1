import type { WireOrder } from '@millrace/contract';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { keys } from '../../live/index.ts';
import { client } from '../../session/index.ts';
import type { Submission } from './movements.ts';

/** Orders that are kept on the page: a person cannot look after more. Beyond, the oldest is left to the list of orders. */
const SUBMISSIONS_MAX = 20;

export interface Submissions {
  list: readonly Submission[];
  /** Sends an order, or once more one that may not have arrived. */
  send(order: Submission['order']): void;
  dismiss(orderId: string): void;
}

/** What was confirmed on this page, shown at once and followed until the server has decided it. */
export function useSubmissions(): Submissions {
  const cache = useQueryClient();
  const [list, setList] = useState<readonly Submission[]>([]);
  const dismiss = useCallback(
    (orderId: string): void => setList((before) => before.filter(({ order }) => order.id !== orderId)),
    [],
  );
  const send = useCallback(
    (order: Submission['order']): void => {
      const at = new Date().toISOString();
      const put = (state: Submission['state']): void =>
        setList((before) => withSubmission(before, { order, at, state }));
      void submit(cache, order, put).then((isDone) => isDone && dismiss(order.id));
    },
    [cache, dismiss],
  );
  return { list, dismiss, send };
}

function withSubmission(list: readonly Submission[], submission: Submission): Submission[] {
  return [submission, ...list.filter(({ order }) => order.id !== submission.order.id)].slice(0, SUBMISSIONS_MAX);
}

/** Whether the pages show the order by themselves now. */
async function submit(
  cache: QueryClient,
  order: Submission['order'],
  put: (state: Submission['state']) => void,
): Promise<boolean> {
  put({ name: 'sending' });
  let answer: WireOrder;
  try {
    answer = await client.orders.submit(order);
  } catch (error) {
    put({ name: 'unsure', error });
    return false;
  }
  if (answer.status === 'rejected' || answer.status === 'failed') {
    put({ name: 'refused', reason: answer.reason });
    return false;
  }
  put({ name: answer.status === 'pending' ? 'sending' : 'accepted' });
  // Until these have been read, the row of the page stands for the order.
  const changed = [keys.pendingWithdrawals(), keys.accounts(), keys.transfers(), keys.portfolio()];
  await Promise.all(changed.map((queryKey) => cache.invalidateQueries({ queryKey })));
  return true;
}
