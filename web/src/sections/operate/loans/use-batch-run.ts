import { MillraceError } from '@millrace/client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { wordsOf } from '../../../design/index.ts';
import { client } from '../../../session/index.ts';
import { eachAtOnce } from '../each-at-once.ts';
import type { Outcome, ReadyRow } from './batch.ts';

/** Requests at once: the server decides together what comes together, and other people want to place orders too. */
const SENDING_MAX = 8;
/** A thousand outcomes are shown in so many portions a second, not one by one. */
const SHOW_MS = 150;

export interface BatchRun {
  /** By the row's key. */
  outcomes: ReadonlyMap<string, Outcome>;
  isRunning: boolean;
  /** Sends what has no outcome yet. What was sent before acts once. */
  start: (rows: readonly ReadyRow[]) => void;
  /** Forgets the outcomes: other rows were checked. */
  reset: () => void;
}

function outcomeOf(error: unknown): Outcome {
  const words = wordsOf(error);
  if (!(error instanceof MillraceError) || error.retryable || error.code === 'outcome_unknown')
    return { state: 'unsure', words };
  const details = error.errors.map(({ pointer, detail }) => `${pointer.slice(1)}: ${detail}`).join(' ');
  return { state: 'refused', words: details === '' ? words : details };
}

/** Opens the loans of a batch, each for itself: one that is refused harms no other. */
export function useBatchRun(): BatchRun {
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const [isRunning, setRunning] = useState(false);
  const current = useRef(new Map<string, Outcome>());
  const ending = useRef(new AbortController());
  useEffect(() => {
    ending.current = new AbortController();
    return () => ending.current.abort();
  }, []);

  const start = useCallback((rows: readonly ReadyRow[]): void => {
    const { signal } = ending.current;
    const show = (): void => setOutcomes(new Map(current.current));
    const timer = setInterval(show, SHOW_MS);
    const rest = rows.filter(({ key }) => {
      const state = current.current.get(key)?.state;
      return state !== 'created' && state !== 'existed';
    });
    setRunning(true);
    void eachAtOnce(rest, SENDING_MAX, async ({ key, body }) => {
      if (signal.aborted) return;
      current.current.set(key, { state: 'sending' });
      try {
        const { id, replayed } = await client.loans.create(body, { idempotencyKey: key, signal });
        current.current.set(key, { state: replayed ? 'existed' : 'created', loanId: id });
      } catch (error) {
        if (!signal.aborted) current.current.set(key, outcomeOf(error));
      }
    }).finally(() => {
      clearInterval(timer);
      if (signal.aborted) return;
      show();
      setRunning(false);
    });
  }, []);
  const reset = useCallback((): void => {
    current.current.clear();
    setOutcomes(new Map());
  }, []);
  return { outcomes, isRunning, start, reset };
}
