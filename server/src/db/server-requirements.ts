import pg from 'pg';
import type { Connection } from './pool.ts';

/** The oldest major version whose SQL and behaviour the tests cover. */
const MAJOR_VERSION_MIN = 15;

const MUST_BE_ON = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;

/** The server cannot be trusted with what we acknowledge. */
export class UnsafeServer extends Error {
  readonly code = 'database_unsafe';
}

/**
 * Refuses a server that is too old, or that may lose a commit which it has confirmed. `synchronous_commit` may also be
 * remote_write, remote_apply or local: each of them waits for the local disk.
 *
 * @throws UnsafeServer
 */
export async function requireDurability(pool: pg.Pool, allowUnsafe: boolean): Promise<{ version: string }> {
  const { rows } = await pool.query<Record<(typeof MUST_BE_ON)[number] | 'version' | 'number', string>>(
    `select current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
            current_setting('synchronous_commit') as synchronous_commit, current_setting('server_version') as version,
            current_setting('server_version_num') as number`,
  );
  const row = rows[0] as (typeof rows)[number];
  const major = Math.floor(Number(row.number) / 10_000);
  if (major < MAJOR_VERSION_MIN)
    throw new UnsafeServer(`PostgreSQL ${row.version} is too old: ${MAJOR_VERSION_MIN} or later is needed`);
  const off = MUST_BE_ON.filter((name) => row[name] === 'off');
  if (off.length > 0 && !allowUnsafe) {
    throw new UnsafeServer(
      `the PostgreSQL server has ${off.join(', ')} off and may lose what was acknowledged: turn it on ` +
        '(or, in tests only, set --allow-unsafe-durability)',
    );
  }
  return { version: row.version };
}

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
