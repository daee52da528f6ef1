import { Loader, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useConnection } from '../live/index.ts';
import { useSession } from '../session/index.ts';

/** A connection that comes back within this was never missed. */
const PATIENCE_MS = 1_000;

/** Says when the page is not live, and that it mends this by itself. */
export function ConnectionNote() {
  const connection = useConnection();
  const user = useSession();
  const isLost = connection !== 'open' && user !== null;
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!isLost) return undefined;
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setShown(false);
    };
  }, [isLost]);
  return (
    <div role="status" aria-label="Connection" style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
      {shown && (
        <>
          <Loader size={16} color="var(--mr-wait)" aria-hidden />
          <Text size="sm" c="var(--mr-wait)" fw={600}>
            Reconnecting …
          </Text>
        </>
      )}
    </div>
  );
}
