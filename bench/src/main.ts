import { runningConnection } from '@millrace/server/db/embedded/index';
import { createPool } from '@millrace/server/db/pool';
import { closedLoop } from './load/closed-loop.ts';
import { copyLimit } from './load/copy-limit.ts';
import { openLoop } from './load/open-loop.ts';
import { PushListener } from './load/push.ts';
import { readOptions, USAGE } from './options.ts';
import { type Line, machineOf, renderTable, verdict, writeResults } from './report.ts';
import { loadHistory } from './setup/history.ts';
import { orderBatches, singleOrders } from './setup/orders.ts';
import { makeLoans, makePeople } from './setup/people.ts';
import { runPgbench } from './setup/pgbench.ts';
import { makeDataFolder, removeDataFolder, startServer } from './setup/server.ts';

const SETTINGS = ['fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size', 'wal_compression'];
const BATCH = 500;
const BATCH_CONNECTIONS = 8;
const LISTENERS = 200;

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`;
const ms = (value: number): string => `${value.toFixed(1)} ms`;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const { seconds } = options;
  const lines: Line[] = [];
  const add = (line: Line): void => {
    lines.push(line);
    say(`  ${line.what}: ${line.value} ${verdict(line)}`);
  };
  const folder = makeDataFolder();
  try {
    // 1. Starts: with an empty folder, and warm
    const cold = await startServer(folder, options.nodeFlags);
    await cold.stop();
    const server = await startServer(folder, options.nodeFlags);
    const { port } = server;
    const connection = runningConnection(folder);
    const pool = createPool(connection, { max: 4 });
    try {
      const version = (await pool.query<{ v: string }>("select current_setting('server_version') as v")).rows[0]?.v ?? '';
      const settings: Record<string, string> = {};
      for (const name of SETTINGS) settings[name] = (await pool.query<{ v: string }>('select current_setting($1) as v', [name])).rows[0]?.v ?? '';
      const machine = machineOf(version, settings);
      say(`${machine.cores} × ${machine.processor}, ${machine.memoryGib} GiB, Node.js ${machine.node}, PostgreSQL ${machine.postgres}`);
      add({ what: 'first start, empty folder → ready', value: ms(cold.readyAfterMs), figure: cold.readyAfterMs, target: { atMost: 5_000 } });
      add({ what: 'warm start → ready', value: ms(server.readyAfterMs), figure: server.readyAfterMs, target: { atMost: 2_000 } });
      add({ what: 'idle memory of the server', value: `${Math.round(server.memoryBytes() / 1e6)} MB`, figure: server.memoryBytes() / 1e6, target: { atMost: 150 } });

      // 2. The same server, row at a time
      const pgbench = runPgbench(connection, seconds);
      if (pgbench) add({ what: 'pgbench, TPC-B-like', value: perSecond(pgbench.best), note: `best of ${pgbench.all.map(({ clients, tps }) => `${clients}: ${Math.round(tps)}`).join(', ')}` });
      else say('pgbench is not installed: figures without ratios (Debian: postgresql-contrib or postgresql-client packages carry it)');
      const ratio = (value: number, target?: number): Pick<Line, 'value' | 'figure' | 'target'> => {
        if (!pgbench) return { value: perSecond(value) };
        const figure = value / pgbench.best;
        return { value: `${perSecond(value)} = ${figure.toFixed(2)} ×`, figure, ...(target ? { target: { atLeast: target } } : {}) };
      };

      // 3. One order a request
      const { operator, investors } = await makePeople(pool, port);
      const loans = await makeLoans(port, operator, 100);
      const run = async (connections: number, next: ReturnType<typeof singleOrders>) => {
        const result = await closedLoop({ port, connections, seconds, next, expected: [200, 201] });
        if (Object.keys(result.refused).length > 0) say(`  refused: ${JSON.stringify(result.refused)}`);
        return result;
      };
      const next = singleOrders(investors, loans);
      let most = 0;
      for (const connections of [1, 64, 128, 256]) {
        const { ordersPerSecond, latencies } = await run(connections, next);
        most = Math.max(most, ordersPerSecond);
        add({ what: `HTTP, one order a request, ${connections} connections`, ...ratio(ordersPerSecond), note: `p50 ${ms(latencies.quantile(0.5))}, p99 ${ms(latencies.quantile(0.99))}` });
      }
      add({ what: 'HTTP, one order a request, best', ...ratio(most, 3) });

      // 4. By batch
      const batches = orderBatches(investors, loans, BATCH);
      const batched = await run(BATCH_CONNECTIONS, batches);
      add({ what: `HTTP, batches of ${BATCH}`, ...ratio(batched.ordersPerSecond, 8) });

      // 5. All on one loan, against spread, alternately so that both meet the same weather
      const hot = orderBatches(investors, loans.slice(0, 1), BATCH);
      const pairs = [];
      for (let i = 0; i < 2; i += 1) pairs.push({ spread: (await run(BATCH_CONNECTIONS, batches)).ordersPerSecond, hot: (await run(BATCH_CONNECTIONS, hot)).ordersPerSecond });
      const sum = (key: 'spread' | 'hot'): number => pairs.reduce((total, pair) => total + pair[key], 0);
      add({ what: 'all orders on one loan ÷ spread over 100', value: (sum('hot') / sum('spread')).toFixed(2), figure: sum('hot') / sum('spread'), target: { atLeast: 0.9 } });

      // 6. At half of the most: latency, and push
      const push = new PushListener();
      await push.open(port, investors.slice(0, LISTENERS).map(({ token }) => token));
      const listened = singleOrders(investors.slice(0, LISTENERS), loans);
      const latencies = await openLoop({
        port,
        connections: 256,
        seconds,
        requestsPerSecond: most / 2,
        next: () => listened().request,
        answered: (body, at) => push.reply((JSON.parse(body.toString()) as { id: string }).id, at),
      });
      add({ what: 'p99, request → final status, half load', value: ms(latencies.quantile(0.99)), figure: latencies.quantile(0.99), target: { atMost: 25 }, note: `p50 ${ms(latencies.quantile(0.5))} at ${perSecond(most / 2)}` });
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      add({ what: 'p99, reply → event on the user’s socket, half load', value: ms(push.latencies.quantile(0.99)), figure: push.latencies.quantile(0.99), target: { atMost: 10 }, note: `${push.latencies.count} events, ${push.missing} missing` });
      push.close();

      // 7. With a history
      if (options.history > 0) {
        const before = await run(BATCH_CONNECTIONS, batches);
        await loadHistory(pool, investors, options.history, (stored) => say(`  history: ${stored.toLocaleString('en')}`));
        const after = await run(BATCH_CONNECTIONS, batches);
        const figure = after.ordersPerSecond / before.ordersPerSecond;
        add({ what: `with ${options.history.toLocaleString('en')} orders stored ÷ before`, value: figure.toFixed(2), figure, target: { atLeast: 0.9 }, note: `${perSecond(after.ordersPerSecond)} against ${perSecond(before.ordersPerSecond)}` });
      }

      // 8. The limit
      add({ what: 'limit: bare COPY of the same rows', ...ratio(await copyLimit(pool)) });
      add({ what: 'memory of the server after all of this', value: `${Math.round(server.memoryBytes() / 1e6)} MB` });
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

if (process.argv.includes('--help')) process.stdout.write(USAGE);
else await main();
