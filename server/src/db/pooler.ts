import pg from 'pg';
import type { Connection } from './pool.ts';

/** Two turns find a pooler that hands its servers out in turn, the third one that hands out the one it used last. */
const TURNS = 3;

/** Between us and the server is something that gives a session's transactions to different servers. */
export class SessionNotKept extends Error {
  readonly code = 'database_session_not_kept';
}

/**
 * Refuses a pooler that does not keep a session to one server (PgBouncer: `pool_mode=transaction` or `statement`): prepared
 * statements, settings and locks of a session would be those of anybody.
 *
 * @throws SessionNotKept
 */
export async function requireSession(connection: Connection): Promise<void> {
  const clients = [1, 2].map(() => new pg.Client({ ...connection, application_name: 'millrace session check' }));
  const [one, other] = clients as [pg.Client, pg.Client];
  for (const client of clients) client.on('error', () => undefined);
  const serverOf = async (client: pg.Client): Promise<number | undefined> =>
    (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;
  try {
    await one.connect();
    await other.connect();
    const first = await serverOf(one);
    for (let turn = 0; turn < TURNS; turn += 1) {
      await other.query('begin').catch((cause: unknown) => {
        throw refused(cause);
      });
      // While a transaction of the other is open its server is nobody else's, unless servers are shared.
      const isShared = (await serverOf(other)) === first || (await serverOf(one)) !== first;
      await other.query('rollback');
      if (isShared) throw refused();
    }
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
  }
}

function refused(cause?: unknown): SessionNotKept {
  return new SessionNotKept(
    'the database is behind a pooler that does not keep a session to one server: set it to session mode (PgBouncer: ' +
      'pool_mode=session), or connect to PostgreSQL itself',
    { cause },
  );
}
