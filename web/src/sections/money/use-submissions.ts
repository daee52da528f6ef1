import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import type { Submission } from './movements.ts';
import { dismissSubmission, onSubmissions, sendSubmission, submissions } from './submissions.ts';

export interface Submissions {
  list: readonly Submission[];
  /** Sends an order, or once more one that may not have arrived. */
  send(order: Submission['order']): void;
  dismiss(orderId: string): void;
}

/** What was confirmed here, shown at once and followed until the server has decided it. */
export function useSubmissions(): Submissions {
  const cache = useQueryClient();
  const list = useSyncExternalStore(onSubmissions, submissions);
  const send = useCallback((order: Submission['order']): void => void sendSubmission(order, cache), [cache]);
  return { list, dismiss: dismissSubmission, send };
}
