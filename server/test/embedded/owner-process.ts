/** A Millrace reduced to its hold on the server: starts it, says how that went in one line of JSON, and stays. */
import { EmbeddedPostgresError, startEmbedded } from '../../src/db/embedded/index.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as { dataFolder: string; graceMs?: number };

try {
  const server = await startEmbedded({ ...options, log: () => undefined });
  const { connection, adopted, version } = server;
  console.log(JSON.stringify({ connection, adopted, version, postmasterPid: server.postmasterPid() }));
  process.once('SIGTERM', () => {
    void server.stop().then(() => process.exit(0));
  });
  // The supervisor does not keep the process alive.
  setInterval(() => undefined, 60_000);
} catch (error) {
  const code = error instanceof EmbeddedPostgresError ? error.code : 'unknown';
  console.log(JSON.stringify({ code, message: error instanceof Error ? error.message : String(error) }));
}
