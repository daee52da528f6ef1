import { DESKS } from '@millrace/server/desks/index';
import { verify } from '@millrace/server/ops/verify';
import { HttpConnection } from './load/http-connection.ts';
import { closedLoop } from './load/loops.ts';
import type { Bench } from './scenarios.ts';
import { caughtUp, loadHistory } from './setup/history.ts';
import { orderBatches, singleOrders } from './setup/orders.ts';

/** Between two verifications. */
const NEW_ORDERS = 1_000;

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

/** How long the books take to be verified with `count` orders stored: at first, with few new ones, and all of it again. */
export async function measureVerification(bench: Bench, count: number): Promise<void> {
  const { pool, port, investors, loans, add, say } = bench;
  await loadHistory(pool, investors, count, {
    progress: (stored) => say(`  history: ${stored.toLocaleString('en')}`),
    placeOrder: () =>
      closedLoop({ port, connections: 1, seconds: 1, next: singleOrders(investors, loans), expected: [200, 201] }),
  });
  const run = async (what: string, full: boolean): Promise<void> => {
    const report = await verify(pool, {
      checks: DESKS.flatMap(({ checks }) => checks),
      incremental: !full,
      record: true,
    });
    const broken = report.checks.filter(({ ok }) => !ok).map(({ name }) => name);
    if (broken.length > 0) throw new Error(`the books are wrong: ${broken.join(', ')}`);
    const events = report.checks.find(({ name }) => name === 'events_have_no_gap')?.checked ?? 0;
    const note = `${report.mode}: ${events.toLocaleString('en')} events read`;
    add({
      what: `verify with ${count.toLocaleString('en')} orders, ${what}`,
      value: seconds(report.duration_ms),
      note,
    });
  };
  await run('first run', false);
  await run('nothing new', false);
  await placeOrders(bench);
  // What lists do not hold yet would be left for the run after.
  await caughtUp(pool);
  await run(`${NEW_ORDERS.toLocaleString('en')} new orders`, false);
  await run('everything again', true);
}

/** In batches of a half each: no batch may hold more than 1,000. */
async function placeOrders({ port, investors, loans }: Bench): Promise<void> {
  const connection = await HttpConnection.open(port);
  const next = orderBatches(investors, loans, NEW_ORDERS / 2);
  for (let batch = 0; batch < 2; batch += 1) {
    const { status } = await connection.send(next().request);
    if (status !== 200) throw new Error(`a batch was answered with ${status}`);
  }
  connection.close();
}
