import type pg from 'pg';
import { addDays, dateOf } from '../../core/clock.ts';
import { formatId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import type { DueCommand, DueSource } from '../module.ts';
import { type LendingOptions, lendingSettings } from './settings.ts';

/** The commands that time makes due. */
export type DueKind = 'expire_loan' | 'collect_installment' | 'default_loan';

export function lendingDue(pool: pg.Pool, options: LendingOptions): DueSource {
  const { defaultAfterDays } = lendingSettings(options);
  return {
    due: (at, limit, after) => dueCommands(pool, { at, limit, after, defaultAfterDays }),
    count: (at, limit) => countDue(pool, { at, limit, defaultAfterDays }),
  };
}

interface DueOptions {
  /** Business time, ms since the epoch. */
  at: number;
  limit: number;
  /** Only what stands behind this place of an earlier answer. */
  after?: string | undefined;
  defaultAfterDays: number;
}

interface DueRow {
  id: string;
  next_number: number | null;
  investor_count: number;
  key: string;
}

/** Each investor's account and the transfer to it, and the loan's own rows. */
function weightOf(investors: number): number {
  return 2 * investors + 5;
}

async function countDue(pool: pg.Pool, options: Omit<DueOptions, 'after'>): Promise<number> {
  let count = 0;
  for (const stage of STAGES) {
    const values = [stage.until(options), options.limit - count];
    const { rows } = await pool.query<{ count: number }>(stage.count, values);
    count += rows[0]?.count ?? 0;
  }
  return count;
}

export interface Stage {
  kind: DueKind;
  /** The column by which the loans that fit are ordered, by an index. */
  key: string;
  /** The condition on `key` by $1, and what else has to be so. */
  dueSql: string;
  /** Up to when, in `key`'s type. */
  until(options: Pick<DueOptions, 'at' | 'defaultAfterDays'>): string;
  text: string;
  count: string;
  /** What its name says between the kind and the day. */
  nameOf(row: DueRow): string;
  paramsOf?(row: DueRow): JsonObject;
  weightOf?(row: DueRow): number;
}

/** All have the same condition: what is counted, or overdue, is what is named. `key` is of this type, and has its index. */
function selects(key: string, type: string, where: string): Pick<Stage, 'key' | 'dueSql' | 'text' | 'count'> {
  const dueSql = `${where} and ${key} <= $1::${type}`;
  return {
    key,
    dueSql,
    text: `select id, next_number, investor_count, ${key}::text as key from loans
where ${dueSql} and (${key}, id) > ($2::${type}, $3::uuid) order by ${key}, id limit $4`,
    count: `select count(*)::int as count from (select from loans where ${dueSql} limit $2) as due`,
  };
}

const today = ({ at }: Pick<DueOptions, 'at'>): string => dateOf(at);

export const STAGES: readonly Stage[] = [
  {
    kind: 'expire_loan',
    until: ({ at }) => new Date(at).toISOString(),
    ...selects('funding_deadline', 'timestamptz', "status = 'open'"),
    nameOf: ({ id }) => `expire/${id}`,
    weightOf: ({ investor_count }) => weightOf(investor_count),
  },
  {
    kind: 'collect_installment',
    until: today,
    ...selects('collect_on', 'date', 'collect_on is not null'),
    nameOf: ({ id, next_number }) => `collect/${id}/${next_number}`,
    paramsOf: ({ next_number }) => ({ number: next_number }),
    weightOf: ({ investor_count }) => weightOf(investor_count),
  },
  {
    kind: 'default_loan',
    until: (options) => addDays(today(options), -options.defaultAfterDays),
    // From the first request, not from the due date: who was asked late has as long to pay as who was asked in time.
    ...selects('asked_on', 'date', "status = 'late' and asked_on is not null"),
    nameOf: ({ id, next_number }) => `default/${id}/${next_number}`,
  },
];

/** Before everything: stage, key and id. */
const FIRST = '0/-infinity/00000000-0000-0000-0000-000000000000';

/**
 * What must be submitted now: loans past their funding deadline expire, the oldest unpaid instalment of each loan is
 * collected from its due date on, also after a default, and loans whose oldest instalment was asked for too long ago default.
 *
 * Each name carries the day, so that there is one attempt a day: `expire/<loan>/<date>`, `collect/<loan>/<number>/<date>`,
 * `default/<loan>/<number>/<date>`. A run that is repeated changes nothing; one that was missed is made up for by the
 * next; and an attempt that a rule turned down, because a borrower paid between this answer and the decision, does not use up
 * the name that a later, rightful attempt needs.
 *
 * Only the oldest unpaid instalment of a loan is named: a caller that asks again from the beginning after submitting gets the next,
 * until an answer holds no name that was not submitted before. A failed attempt moves the loan's next one to tomorrow or later, so late loans never
 * crowd out others; only what a rule turned down today (`balance_limit`) is named again, to no effect.
 */
async function dueCommands(pool: pg.Pool, options: DueOptions): Promise<DueCommand[]> {
  const due: DueCommand[] = [];
  const [from, key, id] = (options.after ?? FIRST).split('/') as [string, string, string];
  const [, firstKey, firstId] = FIRST.split('/') as [string, string, string];
  for (const [index, stage] of STAGES.entries()) {
    if (index < Number(from)) continue;
    const after = index === Number(from) ? [key, id] : [firstKey, firstId];
    const { rows } = await pool.query<DueRow>(stage.text, [stage.until(options), ...after, options.limit - due.length]);
    for (const row of rows)
      due.push({
        kind: stage.kind,
        name: `${stage.nameOf(row)}/${today(options)}`,
        params: { loan_id: formatId('loan', row.id), ...stage.paramsOf?.(row) },
        weight: stage.weightOf?.(row) ?? 1,
        place: `${index}/${row.key}/${row.id}`,
      });
    if (due.length >= options.limit) return due;
  }
  return due;
}
