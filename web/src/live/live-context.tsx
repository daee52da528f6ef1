import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';
import type { Live, LiveState } from './live.ts';

const LiveContext = createContext<Live | null>(null);
export const LiveProvider = LiveContext.Provider;

function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('there is no live layer above this component');
  return live;
}

/**
 * Follows a channel of the catalogue (`me`, `loan:<id>`, …) while the component is there; undefined follows nothing.
 * What its events do to the cache is the sections' `events`.
 */
export function useChannel(channel: string | undefined): void {
  const live = useLive();
  useEffect(() => (channel === undefined ? undefined : live.follow(channel)), [live, channel]);
}

/**
 * Ends the live connection around something that ends the session: reconnecting then would only be refused. Where that
 * fails, it is opened again.
 */
export function useWithoutLive(): (action: () => Promise<void>) => Promise<void> {
  const live = useLive();
  return async (action) => {
    live.stop();
    try {
      await action();
    } catch (error) {
      live.start();
      throw error;
    }
  };
}

/** The state of the live connection, and, where it was given up, how to try again. */
export function useConnection(): { state: LiveState; again: () => void } {
  const live = useLive();
  return { state: useSyncExternalStore(live.onState, () => live.state), again: live.again };
}
