import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';

/** The read models take some 100,000 events a second: ten million orders are through in about four minutes. */
const CAUGHT_UP_MS_MAX = 15 * 60_000;
const LOOK_EVERY_MS = 250;

/** Resolves when the read models hold all events: what they have still to do belongs to the load before. */
export async function caughtUp(client: pg.Pool | pg.PoolClient): Promise<void> {
  const deadline = Date.now() + CAUGHT_UP_MS_MAX;
  while (Date.now() < deadline) {
    const { rows } = await client.query<{ behind: boolean }>(
      "select exists (select 1 from consumers c join shards s on s.id = c.shard where c.name = 'index' and c.event_seq < s.event_seq) as behind",
    );
    if (rows[0]?.behind === false) return;
    await pause(LOOK_EVERY_MS);
  }
  throw new Error('the read models did not catch up');
}
