import type pg from 'pg';
import type { Logger } from 'pino';
import { findClosing } from '../events/closing-events.ts';
import type { Hub, Reader } from './hub.ts';
import { createPermits } from '../core/permits.ts';
import { formatCursor } from '../events/event.ts';

/** Looks at once, each by a primary key. */
const LOOKS_MAX = 2;

/**
 * Tells readers that their channel has ended before what they begin with: they are live, and nothing would ever come. For
 * kinds of channels that end only; a subscription to any other costs nothing.
 */
export function createEndedChannels({ pool, log }: { pool: pg.Pool; log: Logger }): {
  look(hub: Hub, reader: Reader): void;
} {
  const permits = createPermits(LOOKS_MAX);

  async function look(hub: Hub, reader: Reader): Promise<void> {
    const { closing, name } = reader.channel;
    if (!closing) return;
    // Behind this it is told by the event itself.
    const position = new Map(hub.position);
    try {
      const end = await permits.run(async () => (reader.state === 'closed' ? undefined : findClosing(pool, closing)));
      if (end && end.seq <= (position.get(end.shard) ?? 0)) hub.end(reader, formatCursor(position));
    } catch (error) {
      log.warn({ err: error, channel: name }, 'whether a channel has ended could not be read');
      reader.sink.unavailable();
    }
  }

  return { look: (hub, reader) => void look(hub, reader) };
}
