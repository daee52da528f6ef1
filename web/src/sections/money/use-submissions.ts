import type { Reason } from '@millrace/contract/reasons';
import type { WireOrder } from '@millrace/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
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
  const dismiss = (orderId: string): void => setList((before) => before.filter(({ order }) => order.id !== orderId));
  const put = (submission: Submission): void =>
    setList((before) =>
      [submission, ...before.filter(({ order }) => order.id !== submission.order.id)].slice(0, SUBMISSIONS_MAX),
    );

  const submit = async (order: Submission['order'], at: string): Promise<void> => {
    put({ order, at, state: { name: 'sending' } });
    let answer: WireOrder;
    try {
      answer = await client.orders.submit(order);
    } catch (error) {
      put({ order, at, state: { name: 'unsure', error } });
      return;
    }
    if (answer.status === 'rejected' || answer.status === 'failed') {
      put({ order, at, state: { name: 'refused', reason: answer.reason as Reason | null } });
      return;
    }
    put({ order, at, state: { name: answer.status === 'pending' ? 'sending' : 'accepted' } });
    // Until these have been read, the row of the page stands for the order.
    await Promise.all(
      [keys.pendingWithdrawals(), keys.accounts(), keys.transfers(), keys.portfolio()].map((queryKey) =>
        cache.invalidateQueries({ queryKey }),
      ),
    );
    dismiss(order.id);
  };

  return { list, dismiss, send: (order) => void submit(order, new Date().toISOString()) };
}
