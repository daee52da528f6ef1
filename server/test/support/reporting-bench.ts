import type { Role, Scope } from '@millrace/contract';
import type pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import { uuidv7 } from '../../src/core/ids.ts';
import type { Page, Result } from '../../src/core/result.ts';
import { createPool } from '../../src/db/pool.ts';
import { cashOf, outside } from '../../src/ledger/index.ts';
import { createIndexProjection, createReporting, type Reporting } from '../../src/reporting/index.ts';
import { createDatabase } from './database.ts';
import { writeOrder } from './log-rows.ts';

/** What tests of the queries share. The fields are there from the first test on. */
export interface ReportingBench {
  pool: pg.Pool;
  reporting: Reporting;
  /** An order of the user with one transfer of some cents. */
  deposit(userId: string, cents: number, more?: { shard?: number; at?: Date }): Promise<string>;
}

/** A database for the test file, with the queries over it. */
export function useReporting(): ReportingBench {
  const bench = {
    deposit: (userId, cents, more = {}) =>
      writeOrder(bench.pool, {
        kind: 'deposit',
        userId,
        transfers: [{ debit: outside('USD'), credit: cashOf(userId, 'USD'), amount: BigInt(cents), reason: 'deposit' }],
        ...more,
      }),
  } as ReportingBench;
  const cleanUp: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const database = await createDatabase();
    cleanUp.unshift(() => database.drop());
    bench.pool = createPool(database.connection);
    cleanUp.unshift(() => bench.pool.end());
    const log = pino({ level: 'silent' });
    const projection = createIndexProjection({ pool: bench.pool, log, catchUpTimeoutMs: 600_000 });
    cleanUp.unshift(() => projection.stop());
    bench.reporting = createReporting({ pool: bench.pool, projection });
  });
  afterAll(async () => {
    for (const step of cleanUp) await step();
  });
  return bench;
}

export function callerOf(userId: string, role: Role = 'investor', actingFor: string = userId): Caller {
  return { userId, role, actingFor, scopes: new Set<Scope>() };
}

export const operator: Caller = { ...callerOf(uuidv7(), 'operator'), scopes: new Set<Scope>(['operate']) };

export const minute = (n: number): Date => new Date(Date.UTC(2026, 0, 1, 0, n));

export function valueOf<T>(result: Result<T> | undefined): T {
  if (!result?.ok) throw new Error(`a problem instead of a value: ${JSON.stringify(result)}`);
  return result.value;
}

/** Every page's items, following the cursor to the end. */
export async function allPages<T>(
  read: (cursor: string | undefined) => Promise<Result<Page<T>> | undefined>,
): Promise<T[][]> {
  const pages: T[][] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = valueOf(await read(cursor));
    pages.push(page.data);
    if (!page.has_more) return pages;
    cursor = page.next_cursor ?? undefined;
    expect(cursor).toMatch(/^[A-Za-z0-9_.:,-]{1,512}$/);
  }
}
