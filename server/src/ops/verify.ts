import type pg from 'pg';
import type { Check } from '../desks/desk.ts';
import { COUNTED_TABLES, type CoreCheck, type CountedTable, type UnprovenRows } from './verify-check.ts';
import { LEDGER_CHECKS } from './verify-ledger.ts';
import { LOG_CHECKS } from './verify-log.ts';
import { type Basis, forget, type Proven, readProven, remember } from './verify-proven.ts';
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
  /** full: everything was read. incremental: of the logs and what follows from them, what was not proven before. */
  mode: 'full' | 'incremental';
  /** What an incremental run builds on. Rows of that part that were changed since are found by a full run only. */
  builds_on: Basis | null;
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
  /** Do not read again what an earlier run has proven and written down. Default: read everything. */
  incremental?: boolean;
  /** Write down what this run has proven, for those that build on it. Default: write nothing. */
  record?: boolean;
}

/** Thrown with `alone` where another verification is running. */
export class VerificationRunning extends Error {}

/** What a report names of each check; the rest is counted. */
const VIOLATIONS_MAX = 20;

/**
 * One snapshot for all checks, so that a server that is working meanwhile cannot make them disagree; without the pool's
 * time limits, since ten million orders take minutes. Sums and joins get 64 MB each before they use the disk.
 */
const BEGIN = (
  statementTimeoutMs: number,
  record: boolean,
): string => `begin isolation level repeatable read read ${record ? 'write' : 'only'};
set local statement_timeout = ${Math.floor(statementTimeoutMs)}; set local idle_in_transaction_session_timeout = 0;
set local work_mem = '64MB'; set local jit = off`;

/** Any number that no other program on the same server is likely to take; ends with the transaction. */
const TRY_ALONE = 'select pg_try_advisory_xact_lock(1836280433) as is_alone';

/** SQLSTATEs: read-only transaction, serialization failure. */
const UNWRITABLE = new Set(['25006', '40001']);

const CORE_CHECKS: readonly CoreCheck[] = [...LEDGER_CHECKS, ...LOG_CHECKS, ...READ_MODEL_CHECKS, ...ROLLUP_CHECKS];

/**
 * Checks the invariants M, N, 1 and E of the design and the read models against the database, and says which row is
 * wrong. May run beside a working server; it locks nothing, changes nothing but its own notes (`record`), and holds back
 * vacuum while it runs.
 *
 * Memory here is bounded by the report; the database reads each table a few times and never row by row.
 *
 * @throws VerificationRunning, or an Error naming the check whose statement failed.
 */
export async function verify(pool: pg.Pool, options: VerifyOptions): Promise<VerifyReport> {
  const started = performance.now();
  const client = await pool.connect();
  try {
    await client.query(BEGIN(options.statementTimeoutMs ?? 0, options.record === true));
    const isAlone = (options.alone || options.record) && (await tryAlone(client));
    if (options.alone && !isAlone) throw new VerificationRunning('another verification is running');
    const proven = options.incremental ? await readProven(client) : undefined;
    const checks = await runChecks(client, options, proven?.unproven);
    const ok = checks.every((check) => check.ok);
    if (options.record && isAlone) await note(client, proven, ok);
    await client.query('commit');
    return {
      ok,
      mode: proven ? 'incremental' : 'full',
      builds_on: proven ? { at: proven.at, full_at: proven.full_at } : null,
      checks,
      duration_ms: Math.round(performance.now() - started),
    };
  } finally {
    // Ends the transaction too, whatever became of it.
    client.release(true);
  }
}

async function tryAlone(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ is_alone: boolean }>(TRY_ALONE);
  return rows[0]?.is_alone === true;
}

async function runChecks(
  client: pg.PoolClient,
  options: VerifyOptions,
  unproven: UnprovenRows | undefined,
): Promise<CheckResult[]> {
  const counts = await countRows(client, unproven);
  const checks: CheckResult[] = [];
  for (const check of [...CORE_CHECKS, ...options.checks]) {
    const checked = 'counted' in check ? counts[check.counted as CountedTable] : null;
    const sql = (unproven && check.since?.(unproven)) ?? check.sql;
    const result = await runCheck(client, { name: check.name, sql }, checked);
    checks.push(result);
    options.onResult?.(result);
  }
  return checks;
}

/**
 * A failed full run takes back what was proven before: nothing builds on it. A failed incremental one proves nothing new.
 * Where the notes cannot be written (the server is read-only, another run was quicker), the report is true all the same.
 */
async function note(client: pg.PoolClient, proven: Proven | undefined, ok: boolean): Promise<void> {
  await client.query('savepoint notes');
  try {
    if (ok) await remember(client, proven);
    else if (!proven) await forget(client);
  } catch (error) {
    if (!UNWRITABLE.has((error as { code?: string }).code ?? '')) throw error;
    await client.query('rollback to savepoint notes');
  }
}

async function countRows(
  client: pg.PoolClient,
  unproven: UnprovenRows | undefined,
): Promise<Record<CountedTable, number>> {
  const from = (table: CountedTable): string => (unproven && countedSince(unproven)[table]) ?? table;
  const columns = COUNTED_TABLES.map((table) => `(select count(*) from ${from(table)}) as ${table}`);
  const { rows } = await client.query<Record<CountedTable, bigint>>(`select ${columns.join(', ')}`);
  const entries = Object.entries(rows[0] ?? {}).map(([table, count]) => [table, Number(count)]);
  return Object.fromEntries(entries) as Record<CountedTable, number>;
}

/** What an incremental run looks at of the tables of which it does not look at everything. */
function countedSince({ events, transfers, keys }: UnprovenRows): Partial<Record<CountedTable, string>> {
  const newest = 'm.seqs[cardinality(m.seqs)]';
  return {
    events: `events e where ${events('e')}`,
    transfers: `transfers t where ${transfers('t')}`,
    orders: `(select distinct e.order_id from events e where ${events('e')} and e.order_id is not null) as o`,
    idempotency_keys: `idempotency_keys k where ${keys('k')}`,
    user_events: `user_events m where ${events('m', newest)}`,
    user_orders: `user_orders m where ${events('m', newest)}`,
    account_lines: `account_lines m where ${transfers('m', newest)}`,
  };
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
