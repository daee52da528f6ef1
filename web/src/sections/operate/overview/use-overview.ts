import type { MillraceError } from '@millrace/client';
import type { WireOverview } from '@millrace/contract';
import { useEffect, useState } from 'react';
import { client } from '../../../session/index.ts';

export interface LiveOverview {
  overview: WireOverview | undefined;
  /** Whether the figures are those of now: else they are of `overview.at`. */
  isLive: boolean;
  /** The server refused, and nothing is followed any more. */
  error: MillraceError | undefined;
}

/** The overview, told by the server once a second while the component is there. */
export function useOverview(): LiveOverview {
  const [overview, setOverview] = useState<WireOverview>();
  const [isLive, setLive] = useState(false);
  const [error, setError] = useState<MillraceError>();
  useEffect(() => {
    const following = client.overview.follow(setOverview, {
      onState: (state) => setLive(state === 'open'),
      refused: setError,
    });
    return () => following.close();
  }, []);
  return { overview, isLive, error };
}
