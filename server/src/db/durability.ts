import type pg from 'pg';

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
