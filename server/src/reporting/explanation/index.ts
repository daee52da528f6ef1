import { EXPLANATION_ENTRIES_MAX, type OrderExplanationView } from '@millrace/contract';
import type pg from 'pg';
import { type Caller, seesAll } from '../../core/caller.ts';
import { commandName, type DeriveId, formatId, parseId } from '../../core/ids.ts';
import { answerOf, ORDER_COLUMNS, orderOf, type OrderRow } from '../../core/order.ts';
import { type Errand, errandKey } from '../../desks/errand.ts';
import { DESKS } from '../../desks/index.ts';
import type { DeskModule } from '../../desks/module.ts';
import { formatCursor, type StoredEvent, toWire } from '../../events/event.ts';
import { type EventRow, isVisibleTo, toStoredEvent } from '../event-rows.ts';
import { nameableIn, withNames } from '../names.ts';
import { ORDER_EVENTS } from '../orders.ts';
import { type Moment, readHolds, readPostings } from './postings.ts';
import { type HandedOf, readRecipients } from './recipients.ts';
import { summaryOf, waitOf } from './words.ts';

export interface Explanations {
  /** Why an order is as it is; undefined where it is not the caller's. Operators see every order, and all of it. */
  explain(caller: Caller, orderId: string): Promise<OrderExplanationView | undefined>;
}

export interface ExplanationsOptions {
  pool: pg.Pool;
  /** Finds the commands of the system's own that moved an order's money. */
  deriveId: DeriveId;
  /** What is remembered of live connections. */
  handed: HandedOf;
  /** Of all desks. */
  errands: readonly Errand[];
}

const ORDER = `
select ${ORDER_COLUMNS}, o.shard
from orders o where o.id = $1::uuid and ($3::boolean or (o.visible and o.user_id = $2::uuid))`;

const LETTER = 'select id, error, created_at, retried_at from dead_letters where id = $1::uuid';

/** Keys of one user that are looked through: there is no index by order, since the order path would have to write it. */
const KEYS_MAX = 20_000;

const KEY = `
select bool_or(k.order_id = $2::uuid) as is_used, count(*) > ${KEYS_MAX} as is_cut
from (select order_id from idempotency_keys where user_id = $1::uuid limit ${KEYS_MAX + 1}) as k`;

const JOB = `
select attempts, last_error, run_at from graphile_worker.jobs where key = any ($1::text[]) order by attempts desc limit 1`;
/** The scheduler makes its tables when it starts for the first time. */
const HAS_JOBS = "select to_regclass('graphile_worker.jobs') is not null as has_jobs";

type Row = OrderRow & { shard: number };

export function createExplanations({ pool, deriveId, handed, errands }: ExplanationsOptions): Explanations {
  return {
    async explain(caller, orderId) {
      const everybodys = seesAll(caller);
      const { rows } = await pool.query<Row>(ORDER, [orderId, caller.actingFor, everybodys]);
      const row = rows[0];
      if (!row) return undefined;
      const [order] = await withNames(pool, [answerOf(orderOf(row))], (one) => nameableIn(caller, one));
      if (!order) return undefined;
      const all = (await pool.query<EventRow>(ORDER_EVENTS, [orderId, caller.actingFor, everybodys])).rows.map(
        toStoredEvent,
      );
      const events = all.filter((event) => isVisibleTo(caller, event));
      const onlyOf = everybodys ? null : caller.actingFor;
      const [{ postings, hasMore }, holds, told, letter, retries, keyUsed] = await Promise.all([
        readPostings(pool, [orderId, ...movedBy(row, deriveId)], { moments: momentsOf(row, all), onlyOf }),
        readHolds(pool, orderId),
        readRecipients(pool, events, { handed, errands, everybodys }),
        readLetter(pool, all, everybodys),
        readRetries(pool, row, { errands, everybodys }),
        readKeyUse(pool, row),
      ]);
      return {
        order,
        summary: summaryOf(order),
        waits_for: waitOf(order, letter && letter.retried_at === null ? letter.created_at : null),
        postings,
        more_postings: hasMore,
        holds,
        events: events.slice(0, EXPLANATION_ENTRIES_MAX).map((event) => ({
          ...toWire(event),
          cursor: formatCursor(new Map([[event.shard, event.seq]])),
        })),
        told,
        retries,
        dead_letter: letter,
        idempotency: { id_chosen_by_client: row.fingerprint !== null, key_used: keyUsed },
      };
    },
  };
}

type MovedBy = Readonly<Partial<Record<string, (orderId: string) => readonly string[]>>>;
const MOVED_BY: MovedBy = Object.assign({}, ...DESKS.map((desk: DeskModule) => desk.movedBy));

/** The other commands under whose ids stands in the ledger what the order moved, such as a withdrawal's settlement. */
function movedBy({ id, kind }: Row, deriveId: DeriveId): string[] {
  const names = MOVED_BY[kind]?.(formatId('order', id)) ?? [];
  return names.map((name) => deriveId(commandName(name)));
}

/** When the order was decided, changed and settled. */
function momentsOf(row: Row, events: readonly StoredEvent[]): Moment[] {
  return [
    { shard: row.shard, at: row.created_at },
    ...events.map(({ shard, at }) => ({ shard, at: new Date(at) })),
    { shard: row.shard, at: row.updated_at },
  ];
}

interface LetterRow {
  id: string;
  error: string;
  created_at: Date;
  retried_at: Date | null;
}

/** The order's last dead letter: the event by which it became known names it. */
async function readLetter(
  pool: pg.Pool,
  events: readonly StoredEvent[],
  everybodys: boolean,
): Promise<OrderExplanationView['dead_letter']> {
  const event = events.findLast(({ type }) => type === 'dead_letter_added');
  const name = event?.data['dead_letter_id'];
  const id = typeof name === 'string' ? parseId('deadLetter', name) : undefined;
  const row = id === undefined ? undefined : (await pool.query<LetterRow>(LETTER, [id])).rows[0];
  if (!row) return null;
  return {
    id: formatId('deadLetter', row.id),
    error: everybodys ? row.error : null,
    created_at: row.created_at.toISOString(),
    retried_at: row.retried_at && row.retried_at.toISOString(),
  };
}

interface JobRow {
  attempts: number;
  last_error: string | null;
  run_at: Date;
}

/** The job that brings the order outside, where it was tried before. */
async function readRetries(
  pool: pg.Pool,
  row: Row,
  { errands, everybodys }: { errands: readonly Errand[]; everybodys: boolean },
): Promise<OrderExplanationView['retries']> {
  if (row.status !== 'pending' && row.status !== 'open') return null;
  const keys = errands.filter(({ pending }) => pending.kind === row.kind).map(({ name }) => errandKey(name, row.id));
  if (keys.length === 0) return null;
  const { rows: known } = await pool.query<{ has_jobs: boolean }>(HAS_JOBS);
  if (!known[0]?.has_jobs) return null;
  const { rows } = await pool.query<JobRow>(JOB, [keys]);
  const job = rows[0];
  if (!job || job.attempts === 0) return null;
  const error = everybodys ? job.last_error : null;
  return { attempts: job.attempts, last_error: error, next_at: job.run_at.toISOString() };
}

async function readKeyUse(pool: pg.Pool, row: Row): Promise<boolean | null> {
  // A key belongs to who sent the request, which may be a service for its user.
  const sender = row.actor_id ?? row.user_id;
  if (sender === null) return false;
  const { rows } = await pool.query<{ is_used: boolean | null; is_cut: boolean }>(KEY, [sender, row.id]);
  const use = rows[0];
  if (use?.is_used) return true;
  return use?.is_cut ? null : false;
}
