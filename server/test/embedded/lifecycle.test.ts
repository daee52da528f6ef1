import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runningConnection } from '../../src/db/embedded/index.ts';
import { processStart } from '../../src/db/embedded/postmaster.ts';
import { isReachable, makeFolder, query, start } from './support.ts';

test('a first start makes a cluster with checksums, UTF-8, durability and no network listener', async () => {
  const server = await start(makeFolder());
  expect(server).toMatchObject({ adopted: false, version: expect.stringMatching(/^18\./) });
  const rows = await query(server.connection, 'select name, setting from pg_settings');
  const settings = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  expect(settings).toMatchObject({
    data_checksums: 'on',
    server_encoding: 'UTF8',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    listen_addresses: '',
    password_encryption: 'scram-sha-256',
    wal_level: 'replica',
    jit: 'off',
    max_connections: '60',
    TimeZone: 'UTC',
  });
  const [locale] = await query(
    server.connection,
    'select datlocprovider, datlocale from pg_database where datname = current_database()',
  );
  expect(locale).toEqual({ datlocprovider: 'b', datlocale: 'C.UTF-8' });
});

test('the application owns its database and is no superuser; creating databases needs the option', async () => {
  const folder = makeFolder();
  const plain = await start(folder);
  await query(plain.connection, 'create table kept (id int)');
  await query(plain.connection, 'create schema own');
  await expect(query(plain.connection, 'create database other')).rejects.toMatchObject({ code: '42501' });
  await expect(query(plain.connection, 'alter system set fsync = off')).rejects.toMatchObject({ code: '42501' });
  await plain.stop();
  const allowed = await start(folder, { allowCreateDatabase: true });
  await query(allowed.connection, 'create database other');
  await expect(query(allowed.connection, 'select * from kept')).resolves.toEqual([]);
});

test('a later start keeps data and password, and stopping twice is stopping once', async () => {
  const folder = makeFolder();
  const first = await start(folder);
  await query(first.connection, 'create table kept as select 42 as answer');
  await Promise.all([first.stop(), first.stop()]);
  await first.stop();
  expect(await isReachable(first.connection)).toBe(false);
  const second = await start(folder);
  expect(second.adopted).toBe(false);
  expect(second.connection).toEqual(first.connection);
  expect(await query(second.connection, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('stop ends open sessions and resolves after the server has ended', async () => {
  const server = await start(makeFolder());
  const sleeping = query(server.connection, 'select pg_sleep(600)').then(
    () => 'finished',
    () => 'ended',
  );
  const pid = server.postmasterPid();
  await server.stop();
  expect(processStart(pid)).toBeNull();
  expect(await sleeping).toBe('ended');
});

test('the password file is for nobody else, and lost passwords are replaced', async () => {
  const folder = makeFolder();
  const first = await start(folder);
  const file = join(folder, 'postgres-supervisor', 'credentials.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain(first.connection.password);
  await query(first.connection, 'create table kept as select 42 as answer');
  await first.stop();
  writeFileSync(file, '');
  const second = await start(folder);
  expect(second.connection.password).not.toBe(first.connection.password);
  expect(await query(second.connection, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('a tool beside Millrace finds the running server, and only a running one', async () => {
  const folder = makeFolder();
  const notRunning = expect.objectContaining({ code: 'embedded_not_running' });
  expect(() => runningConnection(join(folder, 'nowhere'))).toThrow(notRunning);
  const server = await start(folder);
  expect(runningConnection(folder)).toEqual(server.connection);
  await server.stop();
  expect(() => runningConnection(folder)).toThrow(notRunning);
});

test('settings of the caller win over ours', async () => {
  const server = await start(makeFolder(), { settings: { synchronous_commit: 'off', work_mem: '8MB' } });
  expect(await query(server.connection, 'show synchronous_commit')).toEqual([{ synchronous_commit: 'off' }]);
  expect(await query(server.connection, 'show work_mem')).toEqual([{ work_mem: '8MB' }]);
});

test('settings of the operator in postgresql.conf outlive restarts', async () => {
  const folder = makeFolder();
  const first = await start(folder);
  await first.stop();
  const file = join(folder, 'postgres', 'postgresql.conf');
  writeFileSync(file, `${readFileSync(file, 'utf8')}\nmax_connections = 33\n`);
  const second = await start(folder);
  expect(await query(second.connection, 'show max_connections')).toEqual([{ max_connections: '33' }]);
});

test('a path too long for a socket moves the sockets to a private folder', async () => {
  const folder = join(makeFolder(), 'long-'.repeat(20), 'data, with "marks"');
  mkdirSync(folder, { recursive: true });
  const server = await start(folder);
  expect(server.connection.host.length).toBeLessThan(100);
  expect(server.connection.host.startsWith(folder)).toBe(false);
  expect(statSync(server.connection.host).mode & 0o777).toBe(0o700);
  expect(await isReachable(server.connection)).toBe(true);
  await server.stop();
  expect(existsSync(server.connection.host)).toBe(false);
});

test('several servers in several folders start and run at the same time', async () => {
  const servers = await Promise.all([start(makeFolder()), start(makeFolder()), start(makeFolder())]);
  const answers = await Promise.all(servers.map(({ connection }) => isReachable(connection)));
  expect(answers).toEqual([true, true, true]);
});
