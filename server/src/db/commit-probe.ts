import pg from 'pg';
import { type Connection, cutConnection } from './pool.ts';

/** Beyond this there is no use in waiting: the next try comes soon. */
const ANSWER_MS_MAX = 5_000;
/** A row; and what a batch of a thousand orders writes, so that a disk with room for a row does not count as room for orders. */
const BYTES = { little: 100, much: 1_000_000 } as const;

// The row of the time before is dead when this one lives, and its space is taken back by the server.
const WRITE = `
with gone as (delete from commit_probe)
insert into commit_probe (at, filler) values (now(), repeat('.', $1::integer))`;

/**
 * Commits something that changes nothing, on a connection of its own: one that was made before may remember a server that
 * took no writes.
 *
 * @throws the driver's error where it cannot be committed, or is not within 5 s.
 */
export async function probeCommit(connection: Connection, size: keyof typeof BYTES): Promise<void> {
  const client = new pg.Client({
    ...connection,
    application_name: 'millrace commit probe',
    connectionTimeoutMillis: ANSWER_MS_MAX,
  });
  client.on('error', () => undefined);
  const late = setTimeout(() => cutConnection(client), ANSWER_MS_MAX);
  try {
    await client.connect();
    // Another process at it, or a lock of the whole table: no sign that nothing can be committed.
    await client.query("set lock_timeout = '1s'");
    await client.query(WRITE, [BYTES[size]]);
  } finally {
    clearTimeout(late);
    await client.end().catch(() => undefined);
  }
}
