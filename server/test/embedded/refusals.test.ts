import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBinaries, linkLibraries } from '../../src/db/embedded/binaries.ts';
import { type EmbeddedPostgres, startEmbedded } from '../../src/db/embedded/index.ts';
import { layoutOf, serverSocket } from '../../src/db/embedded/layout.ts';
import { isReachable, makeFolder, nobody, query, runsAsRoot, spawnOwner, start } from './support.ts';

test('data of another major version is refused and left as it is', async () => {
  const folder = makeFolder();
  const cluster = join(folder, 'postgres');
  mkdirSync(cluster);
  writeFileSync(join(cluster, 'PG_VERSION'), '17\n');
  await expect(start(folder)).rejects.toMatchObject({
    code: 'embedded_data_version',
    message: expect.stringMatching(/PostgreSQL 17.*PostgreSQL 18.*DATABASE_URL/s),
  });
  expect(readdirSync(cluster)).toEqual(['PG_VERSION']);
  expect(readFileSync(join(cluster, 'PG_VERSION'), 'utf8')).toBe('17\n');
});

test('a folder that holds something else is refused and left as it is', async () => {
  const folder = makeFolder();
  mkdirSync(join(folder, 'postgres'));
  writeFileSync(join(folder, 'postgres', 'letter.txt'), 'dear');
  await expect(start(folder)).rejects.toMatchObject({ code: 'embedded_folder_foreign' });
  expect(readdirSync(join(folder, 'postgres'))).toEqual(['letter.txt']);
});

test('a folder that may not be entered is named', async () => {
  const closed = join(makeFolder(), 'closed');
  mkdirSync(join(closed, 'data'), { recursive: true });
  chmodSync(closed, runsAsRoot ? 0o700 : 0o000);
  await expect(start(join(closed, 'data'))).rejects.toMatchObject({
    code: 'embedded_folder_unreadable',
    message: expect.stringContaining(closed),
  });
  chmodSync(closed, 0o711);
});

test('a platform without binaries is told about DATABASE_URL', () => {
  expect(() => findBinaries({ platform: 'plan9', arch: 'x64' })).toThrow(
    expect.objectContaining({
      code: 'embedded_binary_missing',
      message: expect.stringMatching(/plan9-x64.*DATABASE_URL/s),
    }),
  );
});

test('library links are made once, and a link that points nowhere is an error that names it', () => {
  const native = join(makeFolder(), 'native');
  mkdirSync(join(native, 'lib'), { recursive: true });
  writeFileSync(join(native, 'lib', 'libpq.so.5.18'), 'library');
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
  writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(links));
  const binaries = { folder: native, initdb: '', postgres: '' };
  linkLibraries(binaries);
  linkLibraries(binaries);
  expect(readFileSync(join(native, 'lib', 'libpq.so.5'), 'utf8')).toBe('library');
  writeFileSync(
    join(native, 'pg-symlinks.json'),
    JSON.stringify([{ source: 'native/lib/a.1', target: 'native/lib/a' }]),
  );
  symlinkSync('elsewhere', join(native, 'lib', 'a'));
  expect(() => linkLibraries(binaries)).toThrow(
    expect.objectContaining({ code: 'embedded_libraries_read_only', message: expect.stringContaining('lib/a') }),
  );
});

test('a setting whose name could smuggle in something else is refused', async () => {
  await expect(start(makeFolder(), { settings: { 'fsync=off -c port': '1' } })).rejects.toMatchObject({
    code: 'embedded_setting_invalid',
  });
});

test('a server that cannot start says why', async () => {
  await expect(start(makeFolder(), { settings: { shared_buffers: 'plenty' } })).rejects.toMatchObject({
    code: 'embedded_start_failed',
    message: expect.stringContaining('shared_buffers'),
  });
});

test.skipIf(!runsAsRoot || nobody === null)(
  'not as root, everything runs as oneself, and root takes it over as it is',
  async () => {
    const folder = makeFolder(nobody!);
    const { child, report } = await spawnOwner({ dataFolder: folder }, nobody!);
    expect(report).toMatchObject({ adopted: false });
    expect(statSync(`/proc/${report.postmasterPid}`).uid).toBe(nobody?.uid);
    await query(report.connection!, 'create table kept as select 42 as answer');
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    const server = await start(folder);
    expect(statSync(`/proc/${server.postmasterPid()}`).uid).toBe(nobody?.uid);
    expect(await query(server.connection, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await server.stop();
    for (const name of readdirSync(join(folder, 'postgres-supervisor'))) {
      expect(statSync(join(folder, 'postgres-supervisor', name)).uid).toBe(nobody?.uid);
    }
  },
);

test.skipIf(!runsAsRoot)('as root, a link in the folder of the server is replaced, not followed', async () => {
  const folder = makeFolder();
  const first = await start(folder);
  await first.stop();
  const precious = join(folder, 'precious');
  writeFileSync(precious, 'untouched');
  const settings = join(folder, 'postgres', 'millrace.conf');
  rmSync(settings);
  symlinkSync(precious, settings);
  await start(folder);
  expect(readFileSync(precious, 'utf8')).toBe('untouched');
  expect(statSync(precious).uid).toBe(0);
});

test.skipIf(!runsAsRoot || nobody === null)('data of another user is refused, naming both', async () => {
  const folder = makeFolder();
  const server = await start(folder);
  await server.stop();
  chmodSync(folder, 0o777);
  rmSync(join(folder, 'postgres-supervisor'), { recursive: true });
  const { report } = await spawnOwner({ dataFolder: folder }, nobody!);
  expect(report).toMatchObject({
    code: 'embedded_folder_unreadable',
    message: expect.stringMatching(/belongs to (?!nobody).* Millrace runs as nobody/),
  });
});

test.skipIf(!runsAsRoot)('a user id without a name is refused', async () => {
  const ghost = { uid: 54_321, gid: 54_321 };
  const { report } = await spawnOwner({ dataFolder: makeFolder(ghost) }, ghost);
  expect(report).toMatchObject({ code: 'embedded_uid_without_name', message: expect.stringContaining('54321') });
});

describe('a running server', () => {
  const folder = makeFolder(undefined, afterAll);
  let server: EmbeddedPostgres;

  beforeAll(async () => {
    server = await startEmbedded({ dataFolder: folder, log: () => undefined });
  });
  afterAll(() => server.stop());

  test('a wrong password, no password and the wrong role are refused', async () => {
    const { connection } = server;
    expect(await isReachable(connection)).toBe(true);
    for (const wrong of [
      { password: 'wrong' },
      { password: '' },
      { user: 'millrace_supervisor' },
      { user: 'postgres' },
    ]) {
      expect(await isReachable({ ...connection, ...wrong })).toBe(false);
    }
  });

  test('the sockets and the data are closed to every other user of the system', async () => {
    const { connection } = server;
    const { socketFolder, supervisor, cluster, controlFolder } = layoutOf(folder);
    expect(connection.host).toBe(socketFolder);
    for (const closed of [socketFolder, supervisor, cluster, controlFolder]) {
      expect(statSync(closed).mode & 0o077).toBe(0);
    }
  });

  test('a second start in the same process is refused', async () => {
    await expect(start(folder)).rejects.toMatchObject({
      code: 'embedded_already_running',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    expect(await isReachable(server.connection)).toBe(true);
  });

  test.skipIf(!runsAsRoot || nobody === null)('another user of the system cannot reach its socket', () => {
    const script = `require('net').connect(process.argv[1]).on('error', (e) => console.log(e.code)).on('connect', () => process.exit())`;
    const { uid, gid } = nobody!;
    const socket = serverSocket(server.connection.host);
    const result = spawnSync(process.execPath, ['-e', script, socket], { uid, gid, cwd: '/', encoding: 'utf8' });
    expect(result.stdout.trim()).toBe('EACCES');
  });

  test.skipIf(!runsAsRoot)('as root, the server and its data belong to another user', async () => {
    expect(statSync(`/proc/${server.postmasterPid()}`).uid).not.toBe(0);
    expect(statSync(join(folder, 'postgres')).uid).not.toBe(0);
    expect(statSync(folder).uid).toBe(0);
  });
});
