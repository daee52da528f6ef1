import type pg from 'pg';
import type { Check } from '../desks/desk.ts';
import { COUNTED_TABLES, type CoreCheck, type CountedTable } from './verify-check.ts';
import { LEDGER_CHECKS } from './verify-ledger.ts';
import { LOG_CHECKS } from './verify-log.ts';
import { READ_MODEL_CHECKS } from './verify-read-models.ts';
import { ROLLUP_CHECKS } from './verify-rollups.ts';

export interface Violation {
  /** The row at fault: a public id where there is one. */
  subject: string;
  detail: string;
}

export interface CheckResult {
  name: string;
  ok: boolean;
  /** How many rows were looked at; null for a desk's check, which does not say. */
  checked: number | null;
  /** The first 20, by subject. */
  violations: Violation[];
  violation_count: number;
}

export interface VerifyReport {
  ok: boolean;
  checks: CheckResult[];
  duration_ms: number;
}

export interface VerifyOptions {
  /** What the desks say about their own rows. */
  checks: readonly Check[];
  /** Called after each check: a large database takes minutes. */
  onResult?: (result: CheckResult) => void;
  /** How long each statement may take, ms. Default 0: as long as it needs. */
  statementTimeoutMs?: number;
  /** Refuse where another one with `alone` is running on this database, in whatever process. Default: any number may. */
  alone?: boolean;
}

/** Thrown with `alone` where another verification is running. */
export class VerificationRunning extends Error {}

/** What a report names of each check; the rest is counted. */
const VIOLATIONS_MAX = 20;

/**
 * One snapshot for all checks, so that a server that is working meanwhile cannot make them disagree; without the pool's
 * time limits, since ten million orders take minutes. Sums and joins get 64 MB each before they use the disk.
 */
const BEGIN = (statementTimeoutMs: number): string => `begin isolation level repeatable read read only;
set local statement_timeout = ${Math.floor(statementTimeoutMs)}; set local idle_in_transaction_session_timeout = 0;
set local work_mem = '64MB'; set local jit = off`;

/** Any number that no other program on the same server is likely to take; ends with the transaction. */
const TRY_ALONE = 'select pg_try_advisory_xact_lock(1836280433) as is_alone';

const CORE_CHECKS: readonly CoreCheck[] = [...LEDGER_CHECKS, ...LOG_CHECKS, ...READ_MODEL_CHECKS, ...ROLLUP_CHECKS];

/**
 * Checks the invariants M, N, 1 and E of the design and the read models against the database, and says which row is
 * wrong. May run beside a working server; it changes and locks nothing, and holds back vacuum while it runs.
 *
 * Memory here is bounded by the report; the database reads each table a few times and never row by row.
 *
 * @throws VerificationRunning, or an Error naming the check whose statement failed.
 */
export async function verify(pool: pg.Pool, options: VerifyOptions): Promise<VerifyReport> {
  const started = performance.now();
  const client = await pool.connect();
  try {
    await client.query(BEGIN(options.statementTimeoutMs ?? 0));
    if (options.alone) await requireAlone(client);
    const counts = await countRows(client);
    const checks: CheckResult[] = [];
    for (const check of [...CORE_CHECKS, ...options.checks]) {
      const result = await runCheck(client, check, 'counted' in check ? counts[check.counted as CountedTable] : null);
      checks.push(result);
      options.onResult?.(result);
    }
    await client.query('commit');
    return { ok: checks.every((check) => check.ok), checks, duration_ms: Math.round(performance.now() - started) };
  } finally {
    // Ends the transaction too, whatever became of it.
    client.release(true);
  }
}

async function requireAlone(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ is_alone: boolean }>(TRY_ALONE);
  if (!rows[0]?.is_alone) throw new VerificationRunning('another verification is running');
}

async function countRows(client: pg.PoolClient): Promise<Record<CountedTable, number>> {
  const columns = COUNTED_TABLES.map((table) => `(select count(*) from ${table}) as ${table}`);
  const { rows } = await client.query<Record<CountedTable, bigint>>(`select ${columns.join(', ')}`);
  const entries = Object.entries(rows[0] ?? {}).map(([table, count]) => [table, Number(count)]);
  return Object.fromEntries(entries) as Record<CountedTable, number>;
}

async function runCheck(client: pg.PoolClient, check: Check, checked: number | null): Promise<CheckResult> {
  // The violations are kept on the server, on disk where they are many: counted once, listed a few.
  const statement = `with violations as materialized (${check.sql})
select c.count, v.subject, v.detail from (select count(*) from violations) c
left join (select subject::text, detail::text from violations order by 1, 2 limit ${VIOLATIONS_MAX}) v on true`;
  let rows: { count: bigint; subject: string | null; detail: string | null }[];
  try {
    rows = (await client.query<(typeof rows)[number]>(statement)).rows;
  } catch (cause) {
    throw new Error(`the check ${check.name} could not be run: ${(cause as Error).message}`, { cause });
  }
  const violations = rows.flatMap(({ subject, detail }) =>
    subject === null ? [] : [{ subject, detail: detail ?? '' }],
  );
  const count = Number(rows[0]?.count ?? 0n);
  return { name: check.name, ok: count === 0, checked, violations, violation_count: count };
}
