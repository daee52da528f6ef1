import type pg from 'pg';
import { seesAll } from '../core/caller.ts';
import type { Clock } from '../core/clock.ts';
import { formatId } from '../core/ids.ts';
import { answerOf } from '../core/order.ts';
import { problem } from '../core/result.ts';
import type { Command } from '../desks/desk.ts';
import type { BucketLimits } from '../core/token-bucket.ts';
import type { Outcome } from '../pipeline/batch.ts';
import type { NotTaken, Pipeline } from '../pipeline/pipeline.ts';
import { createAdmission, type Excess } from './admission.ts';
import { holdBatchKey } from './batch-key.ts';
import { type CommandOrigin, commandOf, internalCommand, keyOf } from './commands.ts';
import {
  closeDeadLetter,
  type DeadJob,
  isImpossible,
  keepRefused,
  openDeadLetter,
  retryDeadJob,
} from './dead-letters.ts';
import { cancelKindOf, readOrder } from './follow-up.ts';
import { type Answer, type Intake } from './intake.ts';
import { followOrder } from './ordering.ts';
import { toPreviewAnswer } from './preview-answer.ts';
import { createTurns } from './turns.ts';
import { validateParams } from './validation.ts';

/** A queue of 20,000 empties within two seconds at the slowest measured rate. */
const RETRY_AFTER_SECONDS = 1;

/** Disks are not emptied, and servers not promoted, within a second. */
const RETRY_UNWRITABLE_SECONDS = 5;

/** Previews under way and waiting: two are made at once, of some milliseconds each, so that the last waits a second at most. */
const PREVIEWS_MAX = 200;

const ANY_NUMBER: BucketLimits = { perSecond: 1e9, burst: 1e9 };

export interface IntakeOptions extends CommandOrigin {
  pipeline: Pick<Pipeline, 'submit' | 'preview' | 'refusals'>;
  pool: pg.Pool;
  /** How many orders one user may place. Default: any number. */
  orders?: BucketLimits;
  /** Told of each command how long it took from its admission until its outcome was known, ms. Default: nobody is. */
  answered?: (ms: number) => void;
}

export function createIntake({
  pipeline,
  pool,
  clock,
  shardCount,
  deriveId,
  answered,
  orders = ANY_NUMBER,
}: IntakeOptions): Intake {
  const admission = createAdmission({ orders });
  const previews = createAdmission({ orders });
  const turns = createTurns();
  const origin = { clock, shardCount, deriveId };
  let previewing = 0;

  async function decided(command: Command): Promise<Answer> {
    const started = performance.now();
    const moving = followOrder(pool, command, shardCount);
    if (moving) await moving;
    const outcome = await pipeline.submit(command);
    if (typeof outcome !== 'string') answered?.(performance.now() - started);
    return toAnswer(outcome);
  }

  return {
    async submit(caller, submission) {
      // What is refused below costs too, and counts.
      const excess = admission.enter(caller.actingFor);
      if (excess) return tooMany(orders, excess, 'orders');
      try {
        const command = commandOf(caller, submission, origin);
        return command.ok ? await decided(command.value) : command;
      } finally {
        admission.leave(caller.actingFor);
      }
    },

    async submitInternal(kind, name, params) {
      const valid = validateParams(kind, params);
      const command = internalCommand(kind, name, valid.ok ? valid.value.params : params, origin);
      const answer = valid.ok ? await decided(command) : valid;
      if (!answer.ok && isImpossible(answer.problem)) await keepRefused(pool, command, answer.problem);
      return answer;
    },

    async cancel(caller, orderId, idempotency) {
      const kind = await cancelKindOf(pool, caller, orderId);
      if (!kind.ok) {
        if (idempotency) pipeline.refusals.keep({ key: keyOf(caller, idempotency) }, kind.problem);
        return kind;
      }
      const params = { order_id: formatId('order', orderId) };
      const answer = await this.submit(caller, { kind: kind.value, params, idempotency });
      return answer.ok ? { ...answer, order: await readOrder(pool, orderId) } : answer;
    },

    holdBatchKey: (caller, idempotency) => holdBatchKey({ pool, turns }, keyOf(caller, idempotency)),

    async retryDeadLetter(caller, deadLetterId) {
      if (!seesAll(caller)) return problem('forbidden', 'Only operators retry dead letters.');
      const letter = await openDeadLetter(pool, deadLetterId, clock.now());
      if (!letter.ok) return letter;
      const { value } = letter;
      if (value.type === 'command') return decided(value.command);
      return value.type === 'job' ? retryJob(pool, value.job, clock) : close(pool, deadLetterId, value.orderId, clock);
    },

    async preview(caller, submission) {
      const command = commandOf(caller, submission, origin);
      if (!command.ok) return command;
      if (previewing >= PREVIEWS_MAX)
        return problem('overloaded', 'Too many previews are waiting.', { retryAfterSeconds: RETRY_AFTER_SECONDS });
      const excess = previews.enter(caller.actingFor);
      if (excess) return tooMany(orders, excess, 'previews');
      previewing += 1;
      try {
        await followOrder(pool, command.value, shardCount);
        return toPreviewAnswer(await pipeline.preview(command.value), caller);
      } finally {
        previewing -= 1;
        previews.leave(caller.actingFor);
      }
    },
  };
}

async function retryJob(pool: pg.Pool, job: DeadJob, clock: Clock): Promise<Answer> {
  await retryDeadJob(pool, job, clock.now());
  return { ok: true, order: await readOrder(pool, job.orderId), replayed: false };
}

/** There is nothing to do again. */
async function close(pool: pg.Pool, id: string, orderId: string, clock: Clock): Promise<Answer> {
  await closeDeadLetter(pool, id, clock.now());
  return { ok: true, order: await readOrder(pool, orderId), replayed: true };
}

function toAnswer(outcome: Outcome | NotTaken): Answer {
  switch (outcome) {
    case 'full':
      return problem('overloaded', 'The queue is full.', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    case 'foreign':
      return problem('shutting_down', 'Another process owns the shard of this work: ask that one, or try again.', {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    case 'closed':
      return problem('shutting_down', 'This server takes no new work.', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    case 'unwritable':
      return problem('not_ready', 'The database takes no writes now. Nothing was recorded.', {
        retryAfterSeconds: RETRY_UNWRITABLE_SECONDS,
      });
    default:
      return outcome.type === 'problem'
        ? { ok: false, problem: outcome.problem }
        : { ok: true, order: answerOf(outcome.order), replayed: outcome.replayed };
  }
}

function tooMany({ perSecond, burst }: BucketLimits, excess: Excess, what: string): Extract<Answer, { ok: false }> {
  return excess.type === 'in_flight'
    ? problem('rate_limited', `Too many ${what} of this user are under way.`, {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      })
    : problem('rate_limited', `A user has ${perSecond} ${what} a second, ${burst} at once.`, {
        retryAfterSeconds: Math.ceil(excess.retryAfterMs / 1000),
      });
}
