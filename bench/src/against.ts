import { runningConnection } from '@millrace/server/db/embedded/index';
import { createPool } from '@millrace/server/db/pool';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cpuSeconds } from './load/cpu.ts';
import { closedLoop } from './load/loops.ts';
import type { Line } from './report.ts';
import type * as People from './setup/people.ts';
import type * as Server from './setup/server.ts';
import { orderBatches, singleOrders } from './setup/orders.ts';
import { type BenchServer, makeDataFolder, removeDataFolder } from './setup/server.ts';

const OWN = fileURLToPath(new URL('../..', import.meta.url));
/**
 * Pairs of fresh servers. Two processes of the same code differ by up to a fifth, for as long as they live: what the compiler made
 * of the first orders, where memory lies. So one pair says nothing, however long it is measured.
 */
const PAIRS = 6;
/** Of each pair and load; who begins alternates. */
const TURNS = 4;
/**
 * Turns of a pair before it is measured. The compiler works on a server's code for its first quarter of a minute, longer the more code
 * there is, and what runs for weeks is what counts. In turns, like all that follows: of two servers of the same code the one that
 * was warm first, and then had nothing to do for a quarter of a minute, did 12 % less afterwards.
 */
const WARM_UP_TURNS = 5;
const WARM_UP_SECONDS = 3;
const LOANS = 100;
const BATCH_SIZE = 500;
/** What may be lost by chance, or for something that is worth it. */
const RATIO_MIN = 0.97;

const LOADS = [
  { what: 'one order a request, 128 connections', connections: 128, isBatch: false },
  { what: 'one order a request, 512 connections', connections: 512, isBatch: false },
  { what: `batches of ${BATCH_SIZE}`, connections: 8, isBatch: true },
] as const;

/** Of this checkout to the other, more is better: orders a second, and orders a second of processor time. */
interface Ratios {
  rates: number[];
  costs: number[];
}

interface Side {
  server: BenchServer;
  single: ReturnType<typeof singleOrders>;
  batch: ReturnType<typeof orderBatches>;
}

/**
 * This checkout against another on the same machine, in short turns: a machine whose speed changes from minute to minute changes it
 * for both. Two figures for each load: orders a second, and the processor's time that the server and its PostgreSQL took for
 * an order, which other work on the machine disturbs less (Linux only).
 *
 * @param folder a checkout with its modules installed.
 */
export async function measureAgainst(folder: string, seconds: number, add: (line: Line) => void): Promise<void> {
  const found = LOADS.map((): Ratios => ({ rates: [], costs: [] }));
  for (let pair = 0; pair < PAIRS; pair += 1) await measurePair(resolve(folder), pair % 2 === 0, seconds, found);
  for (const [index, { what }] of LOADS.entries()) {
    const { rates, costs } = found[index] as Ratios;
    add(lineOf(`orders a second, ${what}`, rates));
    if (costs.length > 0) add(lineOf(`orders a second of processor time, ${what}`, costs));
  }
}

/** Two fresh servers; adds the median of their turns for each load. */
async function measurePair(folder: string, isOwnFirst: boolean, seconds: number, found: Ratios[]): Promise<void> {
  const folders = [makeDataFolder(), makeDataFolder()] as const;
  const sides: Side[] = [];
  try {
    for (const [index, checkout] of (isOwnFirst ? [OWN, folder] : [folder, OWN]).entries())
      sides.push(await openSide(folders[index] as string, checkout));
    const [first, second] = sides as [Side, Side];
    const [own, other] = isOwnFirst ? [first, second] : [second, first];
    for (let turn = 0; turn < WARM_UP_TURNS; turn += 1)
      for (const side of sides) await measureTurn(side, side.single, LOADS[1].connections, WARM_UP_SECONDS);
    for (const [index, load] of LOADS.entries()) {
      const { rates, costs } = await measureLoad(load, own, other, seconds);
      found[index]?.rates.push(middleOf(rates));
      if (costs.length > 0) found[index]?.costs.push(middleOf(costs));
    }
  } finally {
    for (const { server } of sides) await server.stop();
    for (const data of folders) removeDataFolder(data);
  }
}

/** A checkout knows itself how its server is started and filled: flags and tables differ from one to the next. */
async function openSide(dataFolder: string, checkout: string): Promise<Side> {
  const setup = pathToFileURL(join(checkout, 'bench/src/setup/')).href;
  const { startServer } = (await import(`${setup}server.ts`)) as typeof Server;
  const { makeLoans, makePeople } = (await import(`${setup}people.ts`)) as typeof People;
  const server = await startServer(dataFolder);
  const pool = createPool(runningConnection(dataFolder), { max: 2 });
  try {
    const { operator, investors } = await makePeople(pool, server.port);
    const loans = await makeLoans(server.port, operator, LOANS);
    return { server, single: singleOrders(investors, loans), batch: orderBatches(investors, loans, BATCH_SIZE) };
  } finally {
    await pool.end();
  }
}

async function measureLoad(
  { connections, isBatch }: (typeof LOADS)[number],
  own: Side,
  other: Side,
  seconds: number,
): Promise<Ratios> {
  const ratios: Ratios = { rates: [], costs: [] };
  const turnOf = (side: Side): Promise<Turn> =>
    measureTurn(side, isBatch ? side.batch : side.single, connections, seconds);
  // Of each load the first turns are the compiler's, too.
  for (const side of [own, other]) await turnOf(side);
  for (let turn = 0; turn < TURNS; turn += 1) {
    const isOwnFirst = turn % 2 === 0;
    const first = await turnOf(isOwnFirst ? own : other);
    const second = await turnOf(isOwnFirst ? other : own);
    const [mine, theirs] = isOwnFirst ? [first, second] : [second, first];
    ratios.rates.push(mine.ordersPerSecond / theirs.ordersPerSecond);
    if (theirs.cpuMicros > 0) ratios.costs.push(theirs.cpuMicros / mine.cpuMicros);
  }
  return ratios;
}

interface Turn {
  ordersPerSecond: number;
  /** Of the server and all its processes, for one order; 0 where the system does not say. */
  cpuMicros: number;
}

async function measureTurn(
  { server }: Side,
  prepared: () => { request: Buffer; orders: number },
  connections: number,
  seconds: number,
): Promise<Turn> {
  let orders = 0;
  const next = (): { request: Buffer; orders: number } => {
    const request = prepared();
    orders += request.orders;
    return request;
  };
  const before = cpuSeconds(server.dataFolder);
  const { ordersPerSecond } = await closedLoop({ port: server.port, connections, seconds, next, expected: [200, 201] });
  return { ordersPerSecond, cpuMicros: ((cpuSeconds(server.dataFolder) - before) / orders) * 1e6 };
}

function middleOf(ratios: number[]): number {
  const sorted = ratios.toSorted((one, other) => one - other);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] as number) + (sorted[Math.floor(half)] as number)) / 2;
}

function lineOf(what: string, pairs: number[]): Line {
  const figure = middleOf(pairs);
  const note = `median of ${pairs.length} pairs of servers: ${pairs.map((ratio) => ratio.toFixed(2)).join(', ')}`;
  return { what: `this ÷ the other: ${what}`, value: figure.toFixed(3), figure, target: { atLeast: RATIO_MIN }, note };
}
