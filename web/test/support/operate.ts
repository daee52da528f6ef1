import { createPool } from '@millrace/server/db/pool';
import type { Page } from 'playwright-core';
import { operatorOf } from './objects.ts';
import type { WebServer } from './web-server.ts';

/** A user of the demo to lend to, as the form finds them. */
export async function borrowerEmail(server: WebServer): Promise<string> {
  const operator = operatorOf(server);
  const { data } = await operator.loans.list({ limit: 1 });
  const { borrower_id: id } = await operator.loans.get(data[0]?.id ?? '');
  return (await operator.users.get(id ?? '')).email;
}

/** Opens a page of the console, and waits until it stands. */
export async function visit(page: Page, path: string, heading: string | RegExp): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
}

/** What no page offers: the test reaches behind the server. */
export async function query<Row extends object>(server: WebServer, sql: string): Promise<Row[]> {
  const pool = createPool(server.database.connection);
  const { rows } = await pool.query<Row>(sql);
  await pool.end();
  return rows;
}
