import { Alert, Button, Text } from '@mantine/core';
import type { WireClock } from '@millrace/contract';
import { IconClockExclamation } from '@tabler/icons-react';
import { Confirm, DateTime, useConfirmed } from '../../../design/index.ts';
import { client } from '../../../session/index.ts';

const WORDS = {
  database: 'The clocks of the server and of its database differ.',
  behind: 'The clock is behind what was already written.',
  gap: 'It is long since this installation was last at work.',
} as const satisfies Record<NonNullable<WireClock['fault']>, string>;

/** While the clock is not believed: why, with the times, and the way on. */
export function ClockNotice({ clock }: { clock: WireClock | null }) {
  const { open, confirm } = useConfirmed(() => client.clock.confirm());
  if (!clock?.fault) return null;
  const compared = { database: clock.database, behind: clock.latest_event, gap: clock.last_seen }[clock.fault];
  const name = { database: 'Database', behind: 'Latest event', gap: 'Last at work' }[clock.fault];
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconClockExclamation aria-hidden />}
      title="What is due waits: the clock is not believed"
    >
      <Text size="sm">{WORDS[clock.fault]} Nothing is collected, expired or given up; orders are taken.</Text>
      <Text size="sm" my="xs">
        Server: <DateTime value={clock.business} />. {name}: <DateTime value={compared} />.
      </Text>
      <Button size="xs" variant="default" onClick={open}>
        The time is right
      </Button>
      <Confirm {...confirm} title="Is the server’s time right?" action="The time is right" danger>
        The server says <DateTime value={clock.business} />. What is due by then is collected, expired and given up
        within the next minute, and that cannot be undone.
      </Confirm>
    </Alert>
  );
}
