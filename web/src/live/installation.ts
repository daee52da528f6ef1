import type { StreamState } from '@millrace/client';
import type { WireInstallation, WireInstallationTotals } from '@millrace/contract';
import { type QueryClient, type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { client } from '../session/client.ts';
import { keys } from './keys.ts';

/** A stream that was refused is asked for again after this: what stood in the way may be gone. */
const AGAIN_MS = 15_000;

/** Numbers that came while the installation was still being read: newer than what that reading brings. */
const arrived = new WeakMap<QueryClient, WireInstallationTotals>();

/** The installation with the newest numbers that are known. */
export async function readInstallation(
  cache: QueryClient,
  read: () => Promise<WireInstallation>,
): Promise<WireInstallation> {
  arrived.delete(cache);
  const installation = await read();
  return { ...installation, totals: arrived.get(cache) ?? installation.totals };
}

/** New numbers came. */
export function takeTotals(cache: QueryClient, totals: WireInstallationTotals): void {
  arrived.set(cache, totals);
  cache.setQueryData<WireInstallation>(keys.installation(), (before) => before && { ...before, totals });
}

/** What this installation is. Its numbers are those of the moment of reading, unless `useLiveTotals` is at work. */
export function useInstallation(): UseQueryResult<WireInstallation> {
  const cache = useQueryClient();
  return useQuery({
    queryKey: keys.installation(),
    queryFn: ({ signal }) => readInstallation(cache, () => client.installation.get({ signal })),
  });
}

/**
 * Keeps the installation's numbers moving while the component is there: also for visitors, who have no WebSocket.
 *
 * @returns whether they move.
 */
export function useLiveTotals(): StreamState {
  const cache = useQueryClient();
  const [state, setState] = useState<StreamState>('connecting');
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let again: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const following = client.installation.follow((totals) => takeTotals(cache, totals), {
      onState: (next) => {
        if (!isOver) setState(next);
      },
      refused: () => {
        again = setTimeout(() => setAttempt(attempt + 1), AGAIN_MS);
      },
    });
    return () => {
      isOver = true;
      clearTimeout(again);
      following.close();
    };
  }, [cache, attempt]);
  return state;
}
