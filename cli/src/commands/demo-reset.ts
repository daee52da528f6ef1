import { confirm, isCancel } from '@clack/prompts';
import { migrate } from '@millrace/server/db/migrator';
import { readRuntimeFile, type RuntimeInfo } from '@millrace/server/ops/runtime-file';
import { setTimeout as delay } from 'node:timers/promises';
import { canAsk, type Context, settingsOf } from '../context.ts';
import { type DirectDatabase, openDirectly } from '../database.ts';
import { CliFailure } from '../failure.ts';

/** Longer than a server takes at most to finish what waits. */
const STOP_MS_MAX = 30_000;
const STOP_POLL_MS = 50;

/**
 * Empties a demo installation, so that the next start fills it again. Asks first, or wants `--yes`; stops a running server. Data
 * that is no demo is never touched, whatever is said.
 */
export async function demoReset(context: Context, { yes }: { yes: boolean }): Promise<void> {
  const { output } = context;
  const { dataFolder } = settingsOf(context).values;
  // Looked at first, so that nobody is asked, and no server stopped, for nothing.
  const running = await withDatabase(context, async (database) => {
    await requireDemo(database);
    return runningServer(database, dataFolder);
  });
  await requireConsent(context, { yes, running });
  if (running) await stop(context, running);
  await withDatabase(context, async (database) => {
    await requireDemo(database);
    if (await runningServer(database, dataFolder)) throw new CliFailure('failed', 'a server was started meanwhile');
    await empty(database);
  });
  output.result(
    { reset: true, data: dataFolder },
    () => 'The demo data is gone. The next `millrace start` makes it again.',
  );
}

async function withDatabase<Result>(
  context: Context,
  work: (database: DirectDatabase) => Promise<Result>,
): Promise<Result> {
  const database = await openDirectly(context);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

async function requireDemo({ pool, name }: DirectDatabase): Promise<void> {
  const tables = await pool.query("select 1 where to_regclass('installation') is not null");
  if (tables.rows.length === 0) throw new CliFailure('not_allowed', `${name} holds no demo installation`);
  const { rows } = await pool.query<{ demo: boolean }>('select demo from installation');
  if (rows[0]?.demo !== true) {
    throw new CliFailure('not_allowed', `${name} holds no demo installation`, {
      hint: 'Data that is no demo is never removed by this command. Remove the data folder or database yourself.',
    });
  }
}

/**
 * The server that works on this database. Its process id must be in both the database and the data folder: what a killed server
 * left in the one may by now be the id of another process. A shard whose connection broke connects again only when
 * there is something to decide; who does jobs listens all the time.
 */
async function runningServer({ pool, name }: DirectDatabase, dataFolder: string): Promise<RuntimeInfo | undefined> {
  const { rows } = await pool.query<{ owner: string | null }>(
    `select distinct owner from shards where exists (
       select from pg_stat_activity where datname = current_database()
       and (application_name like 'millrace shard %' or application_name = 'millrace jobs'))`,
  );
  if (rows.length === 0) return undefined;
  const runtime = readRuntimeFile(dataFolder);
  if (runtime && rows.every(({ owner }) => owner?.startsWith(`${runtime.pid}/`))) return runtime;
  throw new CliFailure(
    'not_allowed',
    `a server that was not started from ${dataFolder} works on ${name}: stop it first`,
  );
}

async function requireConsent(
  { env }: Context,
  { yes, running }: { yes: boolean; running: RuntimeInfo | undefined },
): Promise<void> {
  if (yes) return;
  if (!canAsk(env)) {
    const why = running
      ? `the server runs (${running.http}, process ${running.pid})`
      : 'this removes everything in the demo';
    throw new CliFailure('not_allowed', why, { hint: 'Say --yes.' });
  }
  const message = running
    ? `Stop the server (process ${running.pid}) and remove everything in the demo?`
    : 'Remove everything in the demo?';
  const answer = await confirm({ message, initialValue: false, output: process.stderr });
  if (isCancel(answer) || !answer) throw new CliFailure('not_allowed', 'nothing was removed');
}

async function stop({ output }: Context, { pid }: RuntimeInfo): Promise<void> {
  output.note(`Stopping the server (process ${pid}) …`);
  process.kill(pid, 'SIGTERM');
  for (const deadline = Date.now() + STOP_MS_MAX; isAlive(pid); ) {
    if (Date.now() > deadline) throw new CliFailure('failed', `the server (process ${pid}) does not stop`);
    await delay(STOP_POLL_MS);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** In one transaction: all of it, or nothing. Then the tables are made again, empty. */
async function empty({ pool, connection }: DirectDatabase): Promise<void> {
  await pool.query(
    'begin; drop schema public cascade; drop schema if exists graphile_worker cascade; create schema public; commit',
  );
  await migrate(connection);
}
