import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { uuidv7 } from '../../src/core/ids.ts';
import { createPool } from '../../src/db/pool.ts';
import type { Statement } from '../../src/db/transaction.ts';
import type { Command } from '../../src/desks/desk.ts';
import { GrowingAssetBook } from '../../src/ledger/index.ts';
import { openInstallation } from '../../src/ops/installation.ts';
import { createLog } from '../../src/ops/log.ts';
import type { Outcome } from '../../src/pipeline/batch.ts';
import { createPipeline, type Pipeline } from '../../src/pipeline/pipeline.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { type Proxy, startProxy } from '../support/proxy.ts';
import { type Fault, QUEUE_TABLE, QueueDesk, readQueue } from '../support/queue-desk.ts';

const SHARDS = [0, 1];
const USD = { code: 'USD', scale: 2 };

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = createPool(database.connection);
  await openInstallation(pool, { demo: false, shards: SHARDS.length });
  await pool.query(QUEUE_TABLE);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

interface Running {
  desk: QueueDesk;
  pipeline: Pipeline;
  fenced: Promise<void>;
}

/** A process on the database: takes the shards from their owner. */
async function start(connection: TestDatabase['connection'] = database.connection): Promise<Running> {
  const desk = new QueueDesk();
  let fence: () => void;
  const fenced = new Promise<void>((resolve) => {
    fence = resolve;
  });
  const pipeline = createPipeline({
    connection,
    desks: [desk],
    assets: new GrowingAssetBook(USD, []),
    accountIds: ({ name }) => name,
    shards: SHARDS,
    queueSizeMax: 10_000,
    answerMsMax: 500,
    takeOver: true,
    log: createLog('silent'),
    committed: () => undefined,
    fenced: () => fence(),
  });
  await pipeline.start();
  onTestFinished(() => pipeline.drain());
  return { desk, pipeline, fenced };
}

interface Step {
  kind: 'deposit' | 'pay';
  shard: number;
  fault?: Fault;
}

function commandOf({ kind, shard, fault }: Step): Command {
  const id = uuidv7();
  return {
    id,
    kind,
    userId: null,
    actorId: null,
    params: { name: id.slice(-6), ...(fault ? { fault } : {}) },
    at: Date.now(),
    shard,
    idMayExist: true,
    fingerprint: null,
    key: null,
    retryOf: null,
  };
}

async function submit({ pipeline }: Running, step: Step): Promise<Outcome> {
  const taken = pipeline.submit(commandOf(step));
  if (typeof taken === 'string') throw new Error(taken);
  return taken;
}

const statusOf = (outcome: Outcome): string => (outcome.type === 'order' ? outcome.order.status : outcome.problem.code);

const add = (shard: number, fault?: Fault): Step => ({ kind: 'deposit', shard, ...(fault ? { fault } : {}) });
const take = (shard: number): Step => ({ kind: 'pay', shard });

const DECIDED = `
select o.kind, o.params ->> 'name' as name, o.result -> 'before' as before
from events e join orders o on o.id = e.order_id where e.shard = $1 and e.opens_order and o.status = 'completed' order by e.seq`;

const reader = {
  select: async <Row>(statement: Statement, parameters: readonly unknown[]): Promise<Row[]> =>
    (await pool.query({ text: statement.text, values: [...parameters] })).rows as Row[],
};

/** Each decision saw exactly what all decisions before it had left, in the order of the log, and the memory is what the database has. */
async function expectTrue(running: Running): Promise<void> {
  for (const shard of SHARDS) {
    expect(statusOf(await submit(running, add(shard)))).toBe('completed');
    const { rows } = await pool.query<{ kind: string; name: string; before: string[] }>(DECIDED, [shard]);
    let queue: string[] = [];
    for (const { kind, name, before } of rows) {
      expect(before).toEqual(queue);
      queue = kind === 'deposit' ? [...queue, name] : queue.slice(1);
    }
    const stored = await readQueue(reader, shard);
    expect(stored.waiting.map(({ name }) => name)).toEqual(queue);
    expect(running.desk.seen.get(shard)).toEqual(stored);
  }
}

const many = (running: Running, steps: readonly Step[]): Promise<string[]> =>
  Promise.all(steps.map(async (step) => statusOf(await submit(running, step))));

test('it is read when the worker starts, and not again while everything goes well', async () => {
  const running = await start();
  expect(running.desk.rebuilt).toBe(SHARDS.length);
  await many(running, [add(0), add(0), add(1), take(0), add(0), take(1), take(1)]);
  await expectTrue(running);
  expect(running.desk.rebuilt).toBe(SHARDS.length);
});

test.each<Fault>(['decide', 'apply', 'write', 'commit'])(
  'a command that breaks at the %s leaves what the database has, and the commands around it act',
  async (fault) => {
    const running = await start();
    const statuses = await many(running, [add(0), add(0), add(0, fault), take(0), add(0)]);
    expect(statuses).toEqual(['completed', 'completed', 'failed', 'completed', 'completed']);
    await expectTrue(running);
    // What breaks as it is decided has changed nothing.
    if (fault === 'decide') expect(running.desk.rebuilt).toBe(SHARDS.length);
    else expect(running.desk.rebuilt).toBeGreaterThan(SHARDS.length);
  },
);

test.each([
  ['cut, as are those that follow it', (proxy: Proxy) => proxy.cut(3)],
  ['silent', (proxy: Proxy) => proxy.freeze()],
  ['silent from a commit on', (proxy: Proxy) => void proxy.freezeAt('commit')],
])('a connection that is %s', async (_, breakIt) => {
  const proxy = await startProxy(database.connection);
  onTestFinished(() => proxy.close());
  const running = await start(proxy.connection);
  await many(running, [add(0), add(1), add(0)]);
  breakIt(proxy);
  expect(await many(running, [add(0), take(0), add(1), take(0)])).toEqual(Array(4).fill('completed'));
  await expectTrue(running);
});

test('a process that dies with its last commit unheard: the next one remembers what was committed', async () => {
  const proxy = await startProxy(database.connection);
  onTestFinished(() => proxy.close());
  const first = await start(proxy.connection);
  await many(first, [add(0), add(1), add(0)]);
  const silent = proxy.freezeAt('commit');
  const unheard = many(first, [add(0), take(0), add(1)]);
  await silent;
  const second = await start();
  await expectTrue(second);
  await first.fenced;
  expect(new Set(await unheard)).toContain('shutting_down');
  await expectTrue(second);
});

test('a preview sees what the worker remembers, and changes none of it', async () => {
  const running = await start();
  await many(running, [add(0), add(0)]);
  await expectTrue(running);
  const before = structuredClone(running.desk.seen.get(0));
  const { outcome } = await running.pipeline.preview(commandOf(take(0)));
  expect(outcome).toMatchObject({ order: { result: { before: before?.waiting.map(({ name }) => name) } } });
  await expectTrue(running);
});

test('whatever goes wrong, every decision sees what those before it have left', async () => {
  const proxy = await startProxy(database.connection);
  onTestFinished(() => proxy.close());
  const running = await start(proxy.connection);
  const step = fc.record(
    {
      kind: fc.constantFrom('deposit' as const, 'deposit' as const, 'pay' as const),
      shard: fc.constantFrom(...SHARDS),
      fault: fc.constantFrom<Fault>('decide', 'apply', 'write', 'commit'),
    },
    { requiredKeys: ['kind', 'shard'] },
  );
  const mostlySound = fc.oneof(
    { weight: 8, arbitrary: step.map(({ kind, shard }) => ({ kind, shard })) },
    { weight: 2, arbitrary: step },
  );
  const round = fc.record({ steps: fc.array(mostlySound, { maxLength: 40 }), cuts: fc.nat(2), together: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 3 }), async (rounds) => {
      for (const { steps, cuts, together } of rounds) {
        const all = together
          ? many(running, steps)
          : (async () => {
              for (const each of steps) await submit(running, each);
            })();
        if (cuts > 0) proxy.cut(cuts - 1);
        await all;
      }
      await expectTrue(running);
    }),
    { numRuns: 12 },
  );
});
