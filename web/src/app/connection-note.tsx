import { Button, Loader, Text } from '@mantine/core';
import { useConnection, useLasting } from '../live/index.ts';
import { useSession } from '../session/index.ts';
import classes from './shell.module.css';

/** Says when the page is not live, and that it mends this by itself, or how one may. */
export function ConnectionNote() {
  const { state, again } = useConnection();
  const user = useSession();
  const shown = useLasting(state !== 'open' && user !== null);
  const isStopped = state === 'stopped';
  return (
    <div role="status" aria-label="Connection" style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
      {shown && (
        <>
          {!isStopped && <Loader size={16} color="var(--mr-wait)" aria-hidden />}
          <Text
            size="sm"
            c="var(--mr-wait)"
            fw={600}
            {...(isStopped ? { visibleFrom: 'sm' } : { className: classes['spokenOnPhones'] ?? '' })}
          >
            {isStopped ? 'Not live' : 'Reconnecting …'}
          </Text>
          {isStopped && (
            <Button variant="default" size="compact-sm" onClick={again}>
              Go live again
            </Button>
          )}
        </>
      )}
    </div>
  );
}
