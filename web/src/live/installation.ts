import type { WireInstallation } from '@millrace/contract';
import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { client } from '../session/client.ts';
import { keys } from './keys.ts';

/** What this installation is. Its numbers are those of the moment of reading, unless `useLiveTotals` is at work. */
export function useInstallation(): UseQueryResult<WireInstallation> {
  return useQuery({ queryKey: keys.installation(), queryFn: ({ signal }) => client.installation.get({ signal }) });
}

/** Keeps the installation's numbers moving while the component is there: also for visitors, who have no WebSocket. */
export function useLiveTotals(): void {
  const cache = useQueryClient();
  useEffect(() => {
    const following = client.installation.follow((totals) => {
      cache.setQueryData<WireInstallation>(keys.installation(), (before) => before && { ...before, totals });
    });
    return () => following.close();
  }, [cache]);
}
