import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@millrace/client';
import { expect, test } from 'vitest';
import { runningConnection } from '../../src/db/embedded/index.ts';
import { createPool } from '../../src/db/pool.ts';
import { makeDataFolder, startServer } from '../faults/server-process.ts';
import { runCommand } from '../support/command-line.ts';

async function cutShards(dataFolder: string): Promise<void> {
  const pool = createPool(runningConnection(dataFolder));
  await pool.query(
    "select pg_terminate_backend(pid, 10000) from pg_stat_activity where application_name like 'millrace shard %'",
  );
  await pool.end();
}

test('a demo is not reset while its server runs, unless that is said; then the server stops and the data is gone', async () => {
  const folder = makeDataFolder();
  const other = await startServer(folder.folder, ['--demo']);
  try {
    const refused = await runCommand(['demo', 'reset'], { data: folder.folder });
    expect([refused.code, refused.stdout]).toEqual([4, '']);
    expect((await runCommand(['status'], { data: folder.folder })).code).toBe(0);
    // As after a crash of PostgreSQL: a shard connects again only when there is something to decide.
    await cutShards(folder.folder);
    expect((await runCommand(['demo', 'reset'], { data: folder.folder })).stderr).toContain('the server runs');
    expect((await runCommand(['demo', 'reset', '--yes'], { data: folder.folder })).code).toBe(0);
    expect(await other.stop()).toBe(0);
    expect((await runCommand(['verify', '-o', 'json'], { data: folder.folder })).json()).toMatchObject({
      ok: true,
      checks: expect.arrayContaining([expect.objectContaining({ checked: 0 })]),
    });
    const again = await startServer(folder.folder, ['--demo']);
    expect(
      (
        await createClient({
          url: again.http,
          token: readFileSync(join(folder.folder, 'operator.key'), 'utf8').trim(),
        }).loans.list({ status: 'late' })
      ).data,
    ).toHaveLength(3);
    await again.stop();
  } finally {
    await other.kill();
    folder.remove();
  }
});

test('data that is no demo is never reset', async () => {
  const folder = makeDataFolder();
  const real = await startServer(folder.folder);
  try {
    expect((await runCommand(['demo', 'reset', '--yes'], { data: folder.folder })).code).toBe(4);
    expect((await runCommand(['status'], { data: folder.folder })).code).toBe(0);
  } finally {
    await real.stop();
    folder.remove();
  }
});

test('a new demo does not start in production, and leaves a folder that starts without one', async () => {
  const folder = makeDataFolder();
  try {
    const env = { NODE_ENV: 'production' };
    const { code, stderr } = await runCommand(['start', '--port', '0'], { data: folder.folder, env });
    expect(code).toBe(1);
    expect(stderr).toContain('--no-demo');
    await (await startServer(folder.folder)).stop();
  } finally {
    folder.remove();
  }
});
