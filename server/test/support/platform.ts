import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@millrace/client';
import { loadConfig } from '../../src/config.ts';
import { createLog } from '../../src/ops/log.ts';
import { type Platform, startPlatform } from '../../src/platform.ts';
import { PLAY_MONEY } from './core.ts';
import { createDatabase, type TestDatabase } from './database.ts';

/** A server as users get it, on a database and a data folder of its own. */
export interface TestPlatform {
  /** The same for every start. */
  readonly http: string;
  readonly database: TestDatabase;
  /** A client without a token, unless one is given. */
  client(token?: string): Client;
  operator(): Client;
  stopServer(): Promise<void>;
  /** Starts it again, at the same address. */
  startServer(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestPlatform(flags: readonly string[] = []): Promise<TestPlatform> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-platform-'));
  const database = await createDatabase();
  const { host, user, password, database: name } = database.connection;
  const url = `postgres://${user}:${encodeURIComponent(password)}@localhost/${name}?host=${encodeURIComponent(host)}`;
  const start = (port: string): Promise<Platform> => {
    const argv = [
      '--database-url',
      url,
      '--data',
      folder,
      '--port',
      port,
      ...PLAY_MONEY,
      '--starting-balance',
      '10000.00',
      ...flags,
    ];
    return startPlatform({ config: loadConfig({ argv, env: {} }).values, log: createLog('silent') });
  };
  let running: Platform | undefined = await start('0');
  const { http } = running;
  const client = (token?: string): Client => createClient({ url: http, ...(token === undefined ? {} : { token }) });
  async function stopServer(): Promise<void> {
    const stopping = running;
    running = undefined;
    await stopping?.stop();
  }
  return {
    http,
    database,
    client,
    operator: () => client(readFileSync(join(folder, 'operator.key'), 'utf8').trim()),
    stopServer,
    async startServer() {
      running = await start(new URL(http).port);
    },
    async stop() {
      await stopServer();
      await database.drop();
      rmSync(folder, { recursive: true });
    },
  };
}
