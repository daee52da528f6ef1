import type { WireOverdue } from '@millrace/contract';
import type pg from 'pg';
import type { Clock } from '../core/clock.ts';
import type { Overdue } from '../desks/desk.ts';
import { type ClockLimits, readClock } from '../effects/index.ts';
import { isOwned } from '../pipeline/ownership.ts';

/** So many are counted of each kind: beyond, it is too much in any case, and counting it would cost. */
const COUNTED_MAX = 10_000;
/** What a report names of each kind; the rest is counted. */
const ROWS_MAX = 20;

export interface OverdueOptions {
  pool: pg.Pool;
  /** Business time. */
  clock: Clock;
  kinds: readonly Overdue[];
  clockLimits: ClockLimits;
}

/**
 * What ought to be done by now and is not. That breaks no rule: it is apart from what `verify` finds wrong. What waits for a
 * reason that is known – nobody is at work, the clock is not believed, a stop is being made up for – is explained, and not
 * counted as overdue. A few small statements; writes nothing.
 */
export async function readOverdue(options: OverdueOptions): Promise<WireOverdue> {
  const { pool, clock, kinds } = options;
  const at = clock.now();
  const excuses = await readExcuses(options);
  const found = await Promise.all(kinds.map((kind) => readKind(pool, kind, at)));
  const checks = found.map((each, index) => ({
    ...each,
    explained: each.count === 0 ? null : excuses[(kinds[index] as Overdue).doneBy],
  }));
  const sum = (isExplained: boolean): number =>
    checks.reduce((total, { count, explained }) => total + ((explained !== null) === isExplained ? count : 0), 0);
  return { count: sum(false), explained: sum(true), checks };
}

/** Why nothing is done at the moment by those who would; null: there is no reason. */
async function readExcuses({
  pool,
  clock,
  clockLimits,
}: OverdueOptions): Promise<Record<Overdue['doneBy'], string | null>> {
  if (!(await isOwned(pool))) {
    const words = 'no server is at work: it is done after the next start';
    return { scheduler: words, jobs: words };
  }
  const { fault } = await readClock(pool, clock, clockLimits);
  if (fault !== null) {
    const words = 'the clock is not believed: it waits until that is right again, or an operator confirms the time';
    return { scheduler: words, jobs: null };
  }
  // A time that has not come was written by a clock that was ahead: it explains nothing.
  const { rows } = await pool.query<{ since: Date | null }>(
    'select min(catching_up_since) as since from clock_marks where catching_up_since <= $1',
    [new Date(clock.now())],
  );
  const since = rows[0]?.since;
  return {
    scheduler: since ? `made up for after a stop, some each minute, since ${since.toISOString()}` : null,
    jobs: null,
  };
}

interface FoundRow {
  count: number;
  subject: string | null;
  since: Date;
  detail: string;
}

async function readKind(
  pool: pg.Pool,
  kind: Overdue,
  at: number,
): Promise<Pick<WireOverdue['checks'][number], 'name' | 'count' | 'rows'>> {
  const { name, table, until, graceMs } = kind;
  if (table !== undefined && !(await isThere(pool, table))) return { name, count: 0, rows: [] };
  const { rows } = await pool.query<FoundRow>(statementOf(kind), until ? [until(at - graceMs)] : []);
  return {
    name,
    count: rows[0]?.count ?? 0,
    rows: rows.flatMap(({ subject, since, detail }) =>
      subject === null ? [] : [{ subject, since: since.toISOString(), detail }],
    ),
  };
}

/** Exported for the test that no kind reads a whole table. */
export function statementOf({ sql }: Pick<Overdue, 'sql'>): string {
  return `with found as materialized (select f.*, row_number() over () as place from (${sql} limit ${COUNTED_MAX}) as f)
select c.count, v.subject, v.since, v.detail from (select count(*)::integer as count from found) as c
left join (select * from found where place <= ${ROWS_MAX}) as v on true order by v.place`;
}

async function isThere(pool: pg.Pool, table: string): Promise<boolean> {
  const { rows } = await pool.query<{ there: boolean }>('select to_regclass($1) is not null as there', [table]);
  return rows[0]?.there === true;
}
