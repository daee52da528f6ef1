import type { EventType } from '@millrace/contract';
import { timeout, TimeoutStrategy } from 'cockatiel';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { OrderAnswer } from '../core/order.ts';
import type { Clock } from '../core/clock.ts';
import { type DeriveId, formatId, parseId, shardOf } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { enqueue, type NewJob } from '../db/jobs.ts';
import {
  DeadEnd,
  type Errand,
  ERRANDS_CONSUMER,
  errandKey,
  type ErrandOrder,
  type InternalCommand,
} from '../desks/errand.ts';
import type { StoredEvent } from '../events/event.ts';
import { keepDeadJob } from '../intake/dead-letters.ts';
import type { Intake } from '../intake/intake.ts';
import { type Consumer, createConsumer } from './consumer.ts';
import { createDestinations } from './destinations.ts';
import type { Lanes } from './job-runner.ts';
import { type JobTask, type RoutedJob, submitted } from './job.ts';

/** The name of the jobs, whatever the errand. */
const ERRAND = 'errand';

/** Orders without a job that are looked at together. Those that have one end a run, which comes every ten minutes. */
const REQUEUED_AT_ONCE = 1_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
/** Until then an order's job is on its way by itself. */
const GRACE_MS = 600_000;

export interface ErrandsOptions {
  /** Of all desks. */
  errands: readonly Errand[];
  intake: Pick<Intake, 'submitInternal'>;
  clock: Clock;
  log: Logger;
  pool: pg.Pool;
  shards: readonly number[];
  deriveId: DeriveId;
}

export interface Errands {
  /** Events that begin one: what wakes the consumer. */
  startedBy: ReadonlySet<EventType>;
  /** Makes a job of each errand that begins, exactly once. */
  consumer: Consumer;
  /** What does such a job. */
  job: RoutedJob;
  /** Which of the jobs have to wait: those of a destination that is busy or down. */
  lanes: Lanes;
  /**
   * Gives a new job to each order that waits and has none that is still tried: one that a dead letter held up for so long that
   * its job gave up must become final when the letter is retried. Belongs among the scheduler's tasks.
   */
  requeue: JobTask;
}

const WAITING = {
  name: 'errand_order_waiting',
  text: "select from orders where id = $1::uuid and status in ('pending', 'open')",
};

/** The outside has answered what cannot be true beside what is booked: there is nothing to do again. */
class Contradiction extends DeadEnd {}

/** A job's payload. */
interface ErrandJob extends JsonObject {
  errand: string;
  /** `ord_…` */
  order_id: string;
  /** `usr_…`: users take turns. */
  user_id: string | null;
  /** The order's, where all that follows on it is decided. Null, as in jobs of before: it is in that of its user. */
  shard: number | null;
  /** Business time. */
  started_at: string;
  data: JsonObject;
}

/**
 * Brings orders outside and the answers back: event → job (in the transaction that moves the cursor) → `before` → the outside →
 * the command that it answers with. A crash between any two of them is harmless: the job is done again from its beginning, and
 * both commands and the outside act once for each order.
 */
export function createErrands(options: ErrandsOptions): Errands {
  const { errands, pool, log, shards } = options;
  const byName = new Map(errands.map((errand) => [errand.name, errand]));
  if (byName.size < errands.length) throw new Error('two errands have the same name');
  const lanes = createDestinations({ limitsOf: (lane) => byName.get(lane.slice(0, lane.indexOf('/')))?.limits });
  const startedBy = new Set(errands.flatMap((errand) => errand.startedBy));
  const jobOf = (payload: JsonObject): NewJob =>
    newJob(byName.get((payload as ErrandJob).errand), payload as ErrandJob);

  const begun = (event: StoredEvent): NewJob[] =>
    errands
      .filter((errand) => errand.startedBy.includes(event.type))
      .map((errand) =>
        newJob(errand, {
          errand: errand.name,
          order_id: event.subject,
          user_id: event.userId && formatId('user', event.userId),
          shard: event.shard,
          started_at: event.at,
          data: errand.dataOf(event),
        }),
      );
  const consumer = createConsumer({
    name: ERRANDS_CONSUMER,
    pool,
    log,
    shards,
    types: [...startedBy],
    handle: (events, client) => enqueue(client, ERRAND, events.flatMap(begun)),
  });
  const guard: Guard = (errand, order, call) =>
    lanes.guard(laneOf(errand, order.data), call, (error) => error instanceof DeadEnd);
  const job = {
    name: ERRAND,
    task: errandTask(byName, guard, options),
    shardOf: jobShard,
    jobOf,
  };
  return { startedBy, consumer, job, lanes, requeue: requeueTask(options) };
}

function jobShard(payload: JsonObject, shardCount: number): number {
  const { shard, user_id, order_id } = payload as ErrandJob;
  return shard ?? shardOf(user_id ?? order_id, shardCount);
}

const uuidOf = ({ order_id }: ErrandJob): string => parseId('order', order_id) as string;

const laneOf = (errand: Errand, data: JsonObject): string => `${errand.name}/${errand.destinationOf(data)}`;

function newJob(errand: Errand | undefined, payload: ErrandJob): NewJob {
  const jobKey = errandKey(payload.errand, uuidOf(payload));
  return { jobKey, payload, ...(errand && { lane: laneOf(errand, payload.data) }) };
}

/** Makes one call, where the destination's breaker allows it. */
type Guard = <Value>(errand: Errand, order: ErrandOrder, call: () => Promise<Value>) => Promise<Value>;

function errandTask(byName: ReadonlyMap<string, Errand>, guard: Guard, options: ErrandsOptions): JobTask {
  const { intake, clock, log, pool } = options;

  /** A report, or an operator, may have ended what a call has no answer to. */
  async function isWaiting({ orderId }: ErrandOrder): Promise<boolean> {
    const { rowCount } = await pool.query({ ...WAITING, values: [parseId('order', orderId)] });
    return rowCount !== 0;
  }

  const submit = async ({ kind, name, params }: InternalCommand): Promise<OrderAnswer> =>
    submitted(await intake.submitInternal(kind, name, params));

  /** Silence is no "no": the outside may have done it. Only its answer ends an errand, however late it comes. */
  async function answerTo(
    errand: Errand,
    order: ErrandOrder,
    { stop, handed }: { stop: AbortSignal; handed: JsonObject },
  ): Promise<InternalCommand | undefined> {
    const limit = timeout(errand.limits.callMs, TimeoutStrategy.Aggressive);
    try {
      return await guard(errand, order, () =>
        limit.execute(({ signal }) => errand.perform(order, signal, handed), stop),
      );
    } catch (error) {
      if (!stop.aborted && !(error instanceof DeadEnd) && clock.now() >= order.expiresAt) {
        log.error(
          { err: error, errand: errand.name, order_id: order.orderId },
          'the outside has not answered within the deadline: only it knows whether it has done it',
        );
      }
      throw error;
    }
  }

  async function run(errand: Errand, order: ErrandOrder, stop: AbortSignal): Promise<void> {
    if (!(await isWaiting(order))) return;
    const first = errand.before?.(order);
    const before = first && (await submit(first));
    if (before?.status === 'rejected') return;
    const command = await answerTo(errand, order, { stop, handed: before?.params ?? {} });
    if (!command) return;
    const decided = await submit(command);
    const contradiction = errand.contradiction?.(command, decided);
    if (contradiction !== undefined) throw new Contradiction(contradiction);
  }

  return async (payload, { signal }) => {
    const job = payload as ErrandJob;
    const errand = byName.get(job.errand);
    if (!errand) throw new Error(`no desk knows the errand ${job.errand}`);
    const { order_id: orderId, user_id: userId, data } = job;
    const expiresAt = Date.parse(job.started_at) + errand.limits.deadlineMs;
    try {
      await run(errand, { orderId, userId, data, expiresAt }, signal);
    } catch (error) {
      if (!(error instanceof DeadEnd)) throw error;
      log.error({ err: error, errand: errand.name, order_id: orderId }, 'an errand came to a dead end');
      await deadLetter(errand, job, error, options);
    }
  };
}

async function deadLetter(
  errand: Errand,
  job: ErrandJob,
  error: DeadEnd,
  { pool, clock, deriveId, shards }: ErrandsOptions,
): Promise<void> {
  const added = newJob(errand, job);
  const letter = {
    id: deriveId(`dead-letter/${added.jobKey}`),
    orderId: uuidOf(job),
    kind: errand.name,
    userId: job.user_id === null ? null : (parseId('user', job.user_id) ?? null),
    params: job.data,
    task: ERRAND,
    job: added,
  };
  await keepDeadJob(pool, letter, {
    error: error.message,
    contradiction: error instanceof Contradiction,
    shard: jobShard(job, shards.length),
    at: clock.now(),
  });
}

// An order whose errand is an open dead letter waits for an operator. The time goes along as text: a Date has milliseconds only.
const FORGOTTEN = `
select o.id, o.shard, o.user_id, o.params, o.result, o.created_at, o.created_at::text as place from orders o
where o.status in ('pending', 'open') and o.kind = $1::text and o.created_at < $2::timestamptz
  and (o.created_at, o.id) > ($5::timestamptz, $6::uuid)
  and not exists (select from graphile_worker.jobs j where j.key = $3::text || '/ord_' || o.id and j.attempts < j.max_attempts)
  and not exists (
    select from dead_letters d where d.order_id = o.id and d.retried_at is null and d.command -> 'job' ->> 'jobKey' = $3::text || '/ord_' || o.id
  )
order by o.created_at, o.id limit $4::integer`;

interface ForgottenRow {
  id: string;
  shard: number;
  user_id: string | null;
  params: JsonObject;
  result: JsonObject;
  created_at: Date;
  place: string;
}

function requeueTask({ errands, pool, clock, log }: ErrandsOptions): JobTask {
  async function requeue(errand: Errand, before: Date, signal: AbortSignal): Promise<void> {
    const { name, pending } = errand;
    let place = '-infinity';
    let id = FIRST_ID;
    while (!signal.aborted) {
      const values = [pending.kind, before, name, REQUEUED_AT_ONCE, place, id];
      const { rows } = await pool.query<ForgottenRow>(FORGOTTEN, values);
      const jobs = rows.flatMap((row) => {
        const data = pending.dataOf(row);
        if (data === undefined) return [];
        const user_id = row.user_id && formatId('user', row.user_id);
        const started_at = row.created_at.toISOString();
        const job = { errand: name, order_id: formatId('order', row.id), user_id, shard: row.shard, started_at, data };
        return [newJob(errand, job)];
      });
      if (jobs.length > 0)
        log.warn(
          { errand: name, orders: jobs.length },
          'orders waited without a job that is still tried: they have one again',
        );
      await enqueue(pool, ERRAND, jobs);
      const last = rows.at(-1);
      if (!last || rows.length < REQUEUED_AT_ONCE) return;
      ({ place, id } = last);
    }
  }

  return async (_payload, { signal }) => {
    const before = new Date(clock.now() - GRACE_MS);
    for (const errand of errands) await requeue(errand, before, signal);
  };
}
