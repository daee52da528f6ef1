import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runningConnection } from '../../src/db/embedded/index.ts';
import { createPool } from '../../src/db/pool.ts';
import { expectSound } from '../support/ledger.ts';
import { makePeople, type Person, post } from './load.ts';
import { makeDataFolder, type ServerProcess, startServer } from './server-process.ts';

const WAIT = { timeout: 60_000, interval: 10 };
const LOCK = 0x65727264;
/** Every step in both ways with `MILLRACE_KILL_ROUNDS=100`; in every run of the tests in one of them, in turn. */
const IS_LONG = Number(process.env['MILLRACE_KILL_ROUNDS'] ?? 2) > 2;

const JOBS = 'graphile_worker._private_jobs';
/** Where the server is stopped before it is killed: at the first write of each step of a withdrawal. */
const STEPS: Readonly<Record<string, string>> = {
  'its job is added': `before insert on ${JOBS} for each row when (new.key like 'withdraw/%')`,
  'the cursor moves': "before update on consumers for each row when (new.name = 'errands')",
  'its job is taken': `before update on ${JOBS} for each row when (old.locked_at is null and new.locked_at is not null and new.key like 'withdraw/%')`,
  'it is sent': "before insert on orders for each row when (new.kind = 'send_withdrawal')",
  'the answer is booked': "before insert on orders for each row when (new.kind = 'settle_withdrawal')",
  'its job is done': `before delete on ${JOBS} for each row when (old.key like 'withdraw/%')`,
};

const STOP_HERE = `create function stop_here() returns trigger language plpgsql as $$
begin perform pg_advisory_xact_lock(${LOCK}); return coalesce(new, old); end $$`;

/** Kills the server in the middle of a step. `lost`: the step's transaction ends with it; otherwise it may still commit. */
async function strike(
  server: ServerProcess,
  pool: pg.Pool,
  step: { at: string; table: string; lost: boolean },
  begin: () => Promise<void>,
): Promise<void> {
  const client = new pg.Client(pool.options);
  await client.connect();
  await client.query('select pg_advisory_lock($1)', [LOCK]);
  await client.query(`create trigger stop_here ${step.at} execute function stop_here()`);
  await begin();
  const stopped = "from pg_stat_activity where wait_event_type = 'Lock' and wait_event = 'advisory'";
  await vi.waitFor(async () => expect((await client.query(`select ${stopped}`)).rowCount).toBeGreaterThan(0), WAIT);
  await server.kill();
  if (step.lost) await client.query(`select pg_terminate_backend(pid) ${stopped}`);
  await client.query('select pg_advisory_unlock($1)', [LOCK]);
  await vi.waitFor(async () => expect((await client.query(`select ${stopped}`)).rowCount).toBe(0), WAIT);
  await client.query(`drop trigger stop_here on ${step.table}`);
  await client.end();
}

test('kill -9 between every two steps of a withdrawal: each is paid once', { timeout: 400_000 }, async () => {
  const data = makeDataFolder();
  onTestFinished(data.remove);
  let server = await startServer(data.folder);
  const pool = createPool(runningConnection(data.folder), { onError: () => undefined });
  const [person] = (await makePeople(pool, 1)) as [Person];
  const place = async (kind: string, amount: string): Promise<string> => {
    const answer = await post(server.http, person, '/v1/orders', JSON.stringify({ kind, asset: 'USD', amount }));
    return answer.body.id.slice(4);
  };
  const settled = async (id: string): Promise<boolean> => {
    const { rows } = await pool.query('select status from orders where id = $1', [id]);
    return rows[0]?.status === 'completed';
  };
  await place('deposit', '1000.00');
  const first = await place('withdraw', '1.00');
  await vi.waitFor(async () => expect(await settled(first)).toBe(true), WAIT);
  await pool.query(STOP_HERE);

  const orders = [first];
  for (const [index, [name, at]] of Object.entries(STEPS).entries()) {
    for (const lost of IS_LONG ? [true, false] : [index % 2 === 0]) {
      const table = at.split(' on ')[1]!.split(' ')[0] as string;
      await strike(server, pool, { at, table, lost }, async () => void orders.push(await place('withdraw', '1.00')));
      server = await startServer(data.folder);
      const order = orders.at(-1) as string;
      await vi.waitFor(async () => expect(await settled(order), `killed when ${name}`).toBe(true), WAIT);
    }
  }

  await vi.waitFor(async () => {
    const { rows } = await pool.query("select key from graphile_worker.jobs where task_identifier like 'errand%'");
    expect(rows).toEqual([]);
  }, WAIT);
  const { rows } = await pool.query(
    `select o.id, (select count(*)::int from events e where e.subject = 'ord_' || o.id and e.type = 'withdrawal_sent') as sent,
       (select count(*)::int from events e where e.subject = 'ord_' || o.id and e.type = 'withdrawal_settled') as settled
     from orders o where o.kind = 'withdraw' order by o.created_at, o.id`,
  );
  expect(rows).toEqual(orders.map((id) => ({ id, sent: 1, settled: 1 })));
  const { rows: paid } = await pool.query("select count(*)::int as count from transfers where reason = 'withdrawal'");
  expect(paid).toEqual([{ count: orders.length }]);
  expect((await pool.query('select error from dead_letters')).rows).toEqual([]);
  await expectSound(pool);
  await pool.end();
  expect(await server.stop()).toBe(0);
});
