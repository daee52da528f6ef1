import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

export interface PgbenchResult {
  /** Transactions a second at the best number of clients. */
  best: number;
  clients: number;
  all: { clients: number; tps: number }[];
}

/** Enough branches that clients rarely wait for the same row, and a database that fits in memory. */
const SCALE = 50;
const CLIENTS = [4, 8, 16, 32] as const;

export interface ServerAddress {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

/** TPC-B-like transactions, row at a time, on the same server: what every figure is compared with. undefined without pgbench. */
export function runPgbench(address: ServerAddress, seconds: number): PgbenchResult | undefined {
  const { host, port, user, password, database } = address;
  const env = {
    ...process.env,
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: database,
  };
  const run = (args: string[]): string => {
    const { status, stdout, stderr } = spawnSync('pgbench', args, { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`pgbench ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  if (spawnSync('pgbench', ['--version']).error) return undefined;
  run(['--initialize', '--quiet', '--scale', String(SCALE)]);
  const threads = String(cpus().length);
  const all = CLIENTS.map((clients) => {
    const output = run([
      '--client',
      String(clients),
      '--jobs',
      threads,
      '--time',
      String(seconds),
      '--protocol',
      'prepared',
      '--no-vacuum',
    ]);
    return { clients, tps: Number(/tps = ([\d.]+)/.exec(output)?.[1]) };
  });
  const best = all.reduce((a, b) => (b.tps > a.tps ? b : a));
  run(['--initialize', '--init-steps', 'd']);
  return { best: best.tps, clients: best.clients, all };
}
