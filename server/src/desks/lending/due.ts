import type pg from 'pg';
import { addDays, dateOf } from '../../core/clock.ts';
import { formatId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';

/** A command that time has made due. `name` makes its id: the same cause acts once. */
export interface DueCommand {
  kind: 'expire_loan' | 'collect_installment' | 'default_loan';
  name: string;
  params: JsonObject;
  /** About how many rows it changes: some for each investor. */
  weight: number;
}

export interface DueOptions {
  /** Business time, ms since the epoch. */
  at: number;
  limit: number;
  defaultAfterDays: number;
}

interface DueRow {
  id: string;
  next_number: number;
  investor_count: number;
}

/** Each investor's account and the transfer to it, and the loan's own rows. */
function weightOf(investors: number): number {
  return 2 * investors + 5;
}

const EXPIRING = `select id, investor_count from loans where status = 'open' and funding_deadline <= $1::timestamptz
order by funding_deadline, id limit $2`;
const COLLECTABLE = `select id, next_number, investor_count from loans where collect_on <= $1::date order by collect_on, id limit $2`;
// collect_on is past next_due only after an attempt that failed: nobody is given up who was not asked.
const DEFAULTING = `select id, next_number from loans
where status = 'late' and next_due <= $1::date and collect_on > next_due order by next_due, id limit $2`;

/**
 * What must be submitted now: loans past their funding deadline expire, the oldest unpaid instalment of each loan is
 * collected from its due date on, loans that have been late for too long default.
 *
 * Each name carries the day, so that there is one attempt a day: `expire/<loan>/<date>`, `collect/<loan>/<number>/<date>`,
 * `default/<loan>/<number>/<date>`. A run that is repeated changes nothing; one that was missed is made up for by the
 * next; and an attempt that a rule turned down, because a borrower paid between this answer and the decision, does not use up
 * the name that a later, rightful attempt needs.
 *
 * Only the oldest unpaid instalment of a loan is named: whoever asks again after submitting gets the next, until an
 * answer holds no name that was not submitted before. A failed attempt moves the loan's next one to tomorrow, so late loans never
 * crowd out others; only what a rule turned down today (`balance_limit`) is named again, to no effect.
 */
export async function dueCommands(pool: pg.Pool, { at, limit, defaultAfterDays }: DueOptions): Promise<DueCommand[]> {
  const today = dateOf(at);
  const due: DueCommand[] = [];
  const expiring = await pool.query<Pick<DueRow, 'id' | 'investor_count'>>(EXPIRING, [
    new Date(at).toISOString(),
    limit,
  ]);
  for (const { id, investor_count: investors } of expiring.rows) {
    due.push({
      kind: 'expire_loan',
      name: `expire/${id}/${today}`,
      params: { loan_id: formatId('loan', id) },
      weight: weightOf(investors),
    });
  }
  const collectable = await pool.query<DueRow>(COLLECTABLE, [today, limit - due.length]);
  for (const { id, next_number: number, investor_count: investors } of collectable.rows) {
    due.push({
      kind: 'collect_installment',
      name: `collect/${id}/${number}/${today}`,
      params: { loan_id: formatId('loan', id), number },
      weight: weightOf(investors),
    });
  }
  const lastDate = addDays(today, -defaultAfterDays);
  const defaulting = await pool.query<Pick<DueRow, 'id' | 'next_number'>>(DEFAULTING, [lastDate, limit - due.length]);
  for (const { id, next_number: number } of defaulting.rows) {
    due.push({
      kind: 'default_loan',
      name: `default/${id}/${number}/${today}`,
      params: { loan_id: formatId('loan', id) },
      weight: 1,
    });
  }
  return due;
}
