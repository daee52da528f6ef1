import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { processStart } from '../../src/db/embedded/postmaster.ts';
import {
  findProcesses,
  isReachable,
  killQuietly,
  makeFolder,
  query,
  serverPattern,
  spawnOwner,
  start,
  until,
  untilGone,
  watcherPattern,
} from './support.ts';

test('after kill -9 of its process the server is taken over, still running', async () => {
  const dataFolder = makeFolder();
  const { child, report } = await spawnOwner({ dataFolder });
  expect(report).toMatchObject({ adopted: false });
  await query(report.connection!, 'create table kept as select 42 as answer');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const server = await start(dataFolder);
  expect(server.adopted).toBe(true);
  expect(server.postmasterPid()).toBe(report.postmasterPid);
  expect(await query(server.connection, 'select answer from kept')).toEqual([{ answer: 42 }]);
  expect(findProcesses(dataFolder, serverPattern)).toHaveLength(1);
});

test('of two that start at once exactly one gets the server, and the other learns who has it', async () => {
  const dataFolder = makeFolder();
  const owners = await Promise.all([
    spawnOwner({ dataFolder }),
    spawnOwner({ dataFolder }),
    spawnOwner({ dataFolder }),
  ]);
  const winners = owners.filter(({ report }) => report.connection !== undefined);
  expect(winners).toHaveLength(1);
  for (const { report } of owners.filter((owner) => owner !== winners[0])) {
    expect(report.code).toBe('embedded_already_running');
    expect(report.message).toContain(`process ${winners[0]?.child.pid}`);
  }
  expect(findProcesses(dataFolder, serverPattern)).toHaveLength(1);
  expect(await isReachable(winners[0]!.report.connection!)).toBe(true);
});

test('a server that nobody takes over within the grace ends, and so does its watcher', async () => {
  const dataFolder = makeFolder();
  const { child, report } = await spawnOwner({ dataFolder, graceMs: 200 });
  expect(findProcesses(dataFolder, watcherPattern)).toHaveLength(1);
  child.kill('SIGKILL');
  await untilGone(report.postmasterPid!);
  await until(() => findProcesses(dataFolder, watcherPattern).length === 0);
});

test('a server killed with -9 comes back by itself, with everything that was committed', async () => {
  const server = await start(makeFolder());
  await query(server.connection, 'create table kept as select 42 as answer');
  const killed = server.postmasterPid();
  process.kill(killed, 'SIGKILL');
  await until(() => server.postmasterPid() !== killed);
  expect(await query(server.connection, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('backends that are busy when the server is killed do not keep it from coming back', async () => {
  const server = await start(makeFolder());
  const busy = query(server.connection, `do $$ begin loop perform 1; end loop; end $$`).catch(() => 'ended');
  const watched = { ...server.connection };
  await until(async () => {
    const rows = await query(
      watched,
      `select 1 from pg_stat_activity where query like 'do $$ begin loop%' and pid <> pg_backend_pid()`,
    );
    return rows.length === 1;
  });
  const killed = server.postmasterPid();
  process.kill(killed, 'SIGKILL');
  await until(() => server.postmasterPid() !== killed);
  expect(await isReachable(server.connection)).toBe(true);
  expect(await busy).toBe('ended');
});

test('a server that falls again and again comes back each time, ever more slowly, and stops in between when told', async () => {
  const errors: string[] = [];
  const server = await start(makeFolder(), {
    log: (level, message) => void (level === 'error' && errors.push(message)),
  });
  const waits = (): number => errors.filter((message) => message.includes('the next restart waits')).length;
  while (waits() < 3) {
    const pid = server.postmasterPid();
    killQuietly(pid);
    await until(() => server.postmasterPid() !== pid);
  }
  expect(await isReachable(server.connection)).toBe(true);
  killQuietly(server.postmasterPid());
  await until(() => waits() === 4);
  await server.stop();
  expect(await isReachable(server.connection)).toBe(false);
});

test('a killed watcher is replaced, while the server runs on', async () => {
  const dataFolder = makeFolder();
  const server = await start(dataFolder);
  const pid = server.postmasterPid();
  const [watcher] = findProcesses(dataFolder, watcherPattern);
  killQuietly(watcher!);
  await until(() => findProcesses(dataFolder, watcherPattern).some((other) => other !== watcher));
  expect(await isReachable(server.connection)).toBe(true);
  await server.stop();
  await untilGone(pid);
});

test('after kill -9 of everything the next start recovers what was committed', async () => {
  const dataFolder = makeFolder();
  const { child, report } = await spawnOwner({ dataFolder });
  await query(report.connection!, 'create table kept as select 42 as answer');
  const processes = [child.pid!, report.postmasterPid!, ...findProcesses(dataFolder, watcherPattern)];
  for (const pid of processes) killQuietly(pid);
  await until(() => processes.every((pid) => processStart(pid) === null));
  const server = await start(dataFolder);
  expect(server.adopted).toBe(false);
  expect(await query(server.connection, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('an unrelated process that got the id of a killed server is neither taken for it nor harmed', async () => {
  const dataFolder = makeFolder();
  const { child, report } = await spawnOwner({ dataFolder });
  const processes = [child.pid!, ...findProcesses(dataFolder, watcherPattern), report.postmasterPid!];
  for (const pid of processes) killQuietly(pid);
  await until(() => processes.every((pid) => processStart(pid) === null));
  const { uid, gid } = statSync(join(dataFolder, 'postgres'));
  const stranger = spawn('sleep', ['600'], { uid, gid, cwd: '/', stdio: 'ignore' });
  onTestFinished(() => void stranger.kill('SIGKILL'));
  await once(stranger, 'spawn');
  const file = join(dataFolder, 'postgres', 'postmaster.pid');
  const [, ...rest] = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, [stranger.pid, ...rest].join('\n'));
  const server = await start(dataFolder);
  expect(server.adopted).toBe(false);
  expect(server.postmasterPid()).not.toBe(stranger.pid);
  expect(processStart(stranger.pid!)).not.toBeNull();
});

test('a first start that was interrupted is simply made again', async () => {
  const dataFolder = makeFolder();
  const first = spawnOwner({ dataFolder, graceMs: 0 }).catch(() => undefined);
  await until(() => findProcesses(dataFolder, /bin\/initdb/).length > 0);
  for (const pid of findProcesses(dataFolder, /./)) if (pid !== process.pid) killQuietly(pid);
  await first;
  await until(() => findProcesses(dataFolder, /./).length === 0);
  const server = await start(dataFolder);
  expect(await isReachable(server.connection)).toBe(true);
});
