import { once } from 'node:events';
import type pg from 'pg';
import copyStreams from 'pg-copy-streams';

const ROWS = 200_000;

/**
 * How fast the server takes the rows of an order – itself, a transfer, an event – by bare COPY into tables of the same
 * shape, with nothing read, locked or decided. No engine on this server can be faster.
 *
 * @returns orders a second.
 */
export async function copyLimit(pool: pg.Pool): Promise<number> {
  const client = await pool.connect();
  const tables = ['orders', 'transfers', 'events'] as const;
  try {
    for (const table of tables) await client.query(`create table bench_${table} (like ${table} including all)`);
    const samples = await Promise.all(tables.map((table) => rowText(pool, table)));
    const begun = performance.now();
    for (const [i, table] of tables.entries()) {
      const stream = client.query(copyStreams.from(`copy bench_${table} from stdin`));
      for (let row = 0; row < ROWS; row += 1) {
        if (!stream.write((samples[i] as (n: number) => string)(row))) await once(stream, 'drain');
      }
      stream.end();
      await once(stream, 'finish');
    }
    return ROWS / ((performance.now() - begun) / 1_000);
  } finally {
    for (const table of tables) await client.query(`drop table if exists bench_${table}`);
    client.release();
  }
}

/** A row of a funded order as COPY text, with the key made unique by `n`. */
async function rowText(pool: pg.Pool, table: 'orders' | 'transfers' | 'events'): Promise<(n: number) => string> {
  const filter = {
    orders: "kind = 'fund_loan'",
    transfers: "reason = 'loan_funding'",
    events: "type = 'order_processed'",
  }[table];
  const { rows } = await pool.query(`select t.* from ${table} t where ${filter} limit 1`);
  const fields = Object.entries(rows[0] as Record<string, unknown>);
  return (n) => {
    const hex = n.toString(16).padStart(12, '0');
    const values = fields.map(([name, value]) => {
      if (name === 'id') return `01900000-0000-7000-8000-${hex}`;
      if (name === 'seq') return String(n + 1);
      return text(value);
    });
    return `${values.join('\t')}\n`;
  };
}

function text(value: unknown): string {
  if (value === null) return '\\N';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.join(',')}}`;
  if (typeof value === 'object') return JSON.stringify(value).replaceAll('\\', '\\\\');
  return `${value as string | number | bigint | boolean}`;
}
