import { runningConnection } from '@millrace/server/db/embedded/index';
import { createPool } from '@millrace/server/db/pool';
import type pg from 'pg';
import { measureAgainst } from './against.ts';
import { type BenchOptions, readOptions, USAGE } from './options.ts';
import { type Line, type Machine, machineOf, renderTable, verdict, writeResults } from './report.ts';
import {
  type Bench,
  byBatch,
  halfLoad,
  hotLoan,
  limit,
  ms,
  oneOrderARequest,
  perSecond,
  withHistory,
} from './scenarios.ts';
import { makeLoans, makePeople } from './setup/people.ts';
import { soak } from './soak.ts';
import { runPgbench } from './setup/pgbench.ts';
import { measureVerification } from './verification.ts';
import { buildWeb, measureWeb } from './web.ts';
import { type BenchServer, makeDataFolder, removeDataFolder, startServer } from './setup/server.ts';

const SETTINGS = [
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'shared_buffers',
  'max_wal_size',
  'wal_compression',
];
const LOANS = 100;
const IDLE_MS = 3_000;

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const megabytes = (bytes: number): number => Math.round(bytes / 1e6);

async function main(options: BenchOptions): Promise<void> {
  const lines: Line[] = [];
  const add = (line: Line): void => {
    lines.push(line);
    say(`  ${line.what}: ${line.value} ${verdict(line)}`);
  };
  if (options.against !== undefined) {
    await measureAgainst(options.against, options.seconds, add);
    process.stdout.write(`${renderTable(lines)}\n`);
    return;
  }
  const folder = makeDataFolder();
  try {
    if (options.web) await buildWeb();
    const server = options.web ? await startServer(folder, { demo: true }) : await measureStarts(folder, add);
    const connection = runningConnection(folder);
    const pool = createPool(connection, { max: 4 });
    try {
      const machine = await describe(pool);
      say(
        `${machine.cores} × ${machine.processor}, ${machine.memoryGib} GiB, Node.js ${machine.node}, PostgreSQL ${machine.postgres}`,
      );
      if (options.web) await measureWeb(server, add);
      else await measureServer({ server, pool, connection, options, add });
      process.stdout.write(`${renderTable(lines)}\n`);
      say(`written to ${writeResults(machine, lines)}`);
    } finally {
      await pool.end();
      await server.stop();
    }
  } finally {
    removeDataFolder(folder);
  }
}

interface ServerBench {
  server: BenchServer;
  pool: pg.Pool;
  connection: ReturnType<typeof runningConnection>;
  options: BenchOptions;
  add: (line: Line) => void;
}

async function measureServer({ server, pool, connection, options, add }: ServerBench): Promise<void> {
  const baseline = options.soak > 0 || options.verify ? undefined : measureBaseline(connection, options.seconds, add);
  const { operator, investors } = await makePeople(pool, server.port);
  const loans = await makeLoans(server.port, operator, LOANS);
  const bench: Bench = { port: server.port, pool, seconds: options.seconds, investors, loans, baseline, add, say };
  if (options.verify) await measureVerification(bench, options.history);
  else if (options.soak > 0) await soak(bench, options.soak, () => server.memoryBytes());
  else await measureAll(bench, options.history);
  add({ what: 'memory of the server after all of this', value: `${megabytes(server.memoryBytes())} MB` });
}

async function measureAll(bench: Bench, history: number): Promise<void> {
  const most = await oneOrderARequest(bench);
  // Before the floods: for a minute behind them every commit waits for the disk, which writes what they have left in memory.
  await halfLoad(bench, most);
  await byBatch(bench);
  await hotLoan(bench);
  if (history > 0) await withHistory(bench, history);
  await limit(bench);
}

async function measureStarts(folder: string, add: (line: Line) => void): Promise<BenchServer> {
  const first = await startServer(folder);
  await first.stop();
  const server = await startServer(folder);
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const idle = megabytes(server.memoryBytes());
  add({
    what: 'first start, empty folder → ready',
    value: ms(first.readyAfterMs),
    figure: first.readyAfterMs,
    target: { atMost: 5_000 },
  });
  add({
    what: 'warm start → ready',
    value: ms(server.readyAfterMs),
    figure: server.readyAfterMs,
    target: { atMost: 2_000 },
  });
  add({ what: 'idle memory of the server', value: `${idle} MB`, figure: idle, target: { atMost: 150 } });
  return server;
}

async function describe(pool: pg.Pool): Promise<Machine> {
  const setting = async (name: string): Promise<string> =>
    (await pool.query<{ value: string }>('select current_setting($1) as value', [name])).rows[0]?.value ?? '';
  const settings = await Promise.all(SETTINGS.map(async (name) => [name, await setting(name)] as const));
  return machineOf(await setting('server_version'), Object.fromEntries(settings));
}

function measureBaseline(
  connection: ReturnType<typeof runningConnection>,
  seconds: number,
  add: (line: Line) => void,
): number | undefined {
  const result = runPgbench(connection, seconds);
  if (!result) {
    say('pgbench is not installed: rates without ratios. It comes with PostgreSQL’s client or contrib packages.');
    return undefined;
  }
  const note = `clients: ${result.all.map(({ clients, tps }) => `${clients} → ${Math.round(tps)}`).join(', ')}`;
  add({ what: 'pgbench, TPC-B-like, the same server', value: perSecond(result.best), note });
  return result.best;
}

if (process.argv.includes('--help')) process.stdout.write(USAGE);
else await main(readOptions(process.argv.slice(2)));
