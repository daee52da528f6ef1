import { KINDS, type KindName } from '@millrace/contract';
import { hash } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../core/clock.ts';
import { commandIdOf, formatId, parseId, uuidv7 } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { problem, type Result } from '../core/result.ts';
import { shardOf } from '../core/shard.ts';
import type { Command } from '../desks/desk.ts';
import type { Outcome, Pipeline } from '../pipeline/index.ts';
import { type Admission, createAdmission } from './admission.ts';
import { holdBatchKey } from './batch-key.ts';
import { cancelKindOf, deadLetterCommand, readOrder } from './follow-up.ts';
import { type Answer, type Caller, type Intake, seesAll, type Submission } from './intake.ts';
import { toOrderAnswer, toPreviewAnswer } from './receipts.ts';
import { validateParams } from './validation.ts';

/** A queue of 20,000 empties within two seconds at the slowest measured rate. */
const RETRY_AFTER_SECONDS = 1;

/** Previews under way and waiting: two are made at once, of some milliseconds each, so that the last waits a second at most. */
const PREVIEWS_MAX = 200;

const TOO_MANY_OF_USER = problem('rate_limited', 'Too many orders of this user are under way.', {
  retryAfterSeconds: RETRY_AFTER_SECONDS,
});

export interface IntakeOptions {
  pipeline: Pick<Pipeline, 'submit' | 'preview'>;
  pool: pg.Pool;
  clock: Clock;
  /** Shards of the installation, not only of this process. */
  shardCount: number;
  /** Told of each command how long it took from its admission until its outcome was known, ms. Default: nobody is. */
  answered?: (ms: number) => void;
}

export function createIntake({ pipeline, pool, clock, shardCount, answered }: IntakeOptions): Intake {
  const admission = createAdmission();
  let previewing = 0;

  async function admit(command: Command, limitedBy: string | null): Promise<Answer> {
    if (limitedBy !== null && !admission.enter(limitedBy)) return TOO_MANY_OF_USER;
    const submit = (): ReturnType<Pipeline['submit']> => pipeline.submit(command);
    try {
      const started = performance.now();
      const outcome = await (command.key ? withKey(admission, command.key, submit) : submit());
      if (typeof outcome !== 'string') answered?.(performance.now() - started);
      return toAnswer(outcome);
    } finally {
      if (limitedBy !== null) admission.leave(limitedBy);
    }
  }

  function commandOf(caller: Caller, submission: Submission): Result<Command> {
    const { kind } = submission;
    const allowed = permission(caller, kind);
    if (!allowed.ok) return allowed;
    const valid = validateParams(allowed.value, submission.params);
    if (!valid.ok) return valid;
    const chosen = submission.id === undefined ? undefined : parseId('order', submission.id);
    if (submission.id !== undefined && chosen === undefined) {
      return problem('invalid_request', 'The id is not valid.', {
        errors: [{ pointer: '/id', detail: 'must be ord_ and a UUID' }],
      });
    }
    const { idempotency } = submission;
    return {
      ok: true,
      value: {
        id: chosen ?? uuidv7(),
        kind,
        userId: caller.actingFor,
        actorId: caller.userId === caller.actingFor ? null : caller.userId,
        params: valid.value.params,
        at: clock.now(),
        shard: shardOf(caller.actingFor, shardCount),
        idMayExist: chosen !== undefined,
        fingerprint: chosen === undefined ? null : hash('sha256', `${kind}\n${valid.value.json}`, 'hex').slice(0, 32),
        key: idempotency ? keyOf(caller, idempotency) : null,
        retryOf: null,
      },
    };
  }

  return {
    async submit(caller, submission) {
      const command = commandOf(caller, submission);
      return command.ok ? admit(command.value, caller.actingFor) : command;
    },

    async submitInternal(kind, name, params) {
      const valid = validateParams(kind, params);
      if (!valid.ok) return valid;
      return admit(internalCommand(kind, name, valid.value.params, clock.now(), shardCount), null);
    },

    async cancel(caller, orderId, idempotency) {
      const kind = await cancelKindOf(pool, caller, orderId);
      if (!kind.ok) return kind;
      const params = { order_id: formatId('order', orderId) };
      const answer = await this.submit(caller, { kind: kind.value, params, idempotency });
      return answer.ok ? { ...answer, order: await readOrder(pool, orderId) } : answer;
    },

    holdBatchKey: (caller, idempotency) => holdBatchKey({ pool, admission }, keyOf(caller, idempotency)),

    async retryDeadLetter(caller, deadLetterId) {
      if (!seesAll(caller)) return problem('forbidden', 'Only operators retry dead letters.');
      const command = await deadLetterCommand(pool, deadLetterId, clock.now());
      return command.ok ? admit(command.value, null) : command;
    },

    async preview(caller, submission) {
      const command = commandOf(caller, submission);
      if (!command.ok) return command;
      if (previewing >= PREVIEWS_MAX)
        return problem('overloaded', 'Too many previews are waiting.', { retryAfterSeconds: RETRY_AFTER_SECONDS });
      previewing += 1;
      try {
        return toPreviewAnswer(await pipeline.preview(command.value));
      } finally {
        previewing -= 1;
      }
    },
  };
}

/**
 * A service's keys are its own, whoever it acts for. The user belongs to the fingerprint: the same request for another
 * user is another request, not a repetition that would be answered with somebody else's order.
 */
function keyOf(caller: Caller, idempotency: NonNullable<Submission['idempotency']>): NonNullable<Command['key']> {
  const { userId, actingFor } = caller;
  const fingerprint = userId === actingFor ? idempotency.fingerprint : `${actingFor} ${idempotency.fingerprint}`;
  return { userId, ...idempotency, fingerprint };
}

function permission(caller: Caller, kind: string): Result<KindName> {
  if (!Object.hasOwn(KINDS, kind) || KINDS[kind as KindName].roles.length === 0) {
    return problem('invalid_request', 'There is no such kind of order.', {
      errors: [{ pointer: '/kind', detail: 'unknown kind' }],
    });
  }
  const { roles, scope } = KINDS[kind as KindName];
  if (!(roles as readonly string[]).includes(caller.role) || !caller.scopes.has(scope)) {
    return problem('forbidden', `This needs the scope ${scope} and one of the roles ${roles.join(', ')}.`);
  }
  return { ok: true, value: kind as KindName };
}

function internalCommand(kind: KindName, name: string, params: JsonObject, at: number, shardCount: number): Command {
  const id = commandIdOf(name);
  // Whatever the command is about: commands on the same subject meet the same shard. One that creates it is about nothing yet.
  const subject = (params['user_id'] ?? params['loan_id'] ?? params['order_id'] ?? id) as string;
  return {
    id,
    kind,
    userId: null,
    actorId: null,
    params,
    at,
    shard: shardOf(subject, shardCount),
    idMayExist: true,
    fingerprint: null,
    key: null,
    retryOf: null,
  };
}

type Submitted = Outcome | 'full' | 'closed' | 'in_flight';

/** Keeps the command's idempotency key for as long as it is under way. */
async function withKey(
  admission: Admission,
  { userId, operation, key }: NonNullable<Command['key']>,
  submit: () => ReturnType<Pipeline['submit']>,
): Promise<Submitted> {
  const name = `${userId}\n${operation}\n${key}`;
  if (!admission.claimKey(name)) return 'in_flight';
  try {
    return await submit();
  } finally {
    admission.releaseKey(name);
  }
}

function toAnswer(outcome: Submitted): Answer {
  switch (outcome) {
    case 'full':
      return problem('overloaded', 'The queue is full.', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    case 'closed':
      return problem('shutting_down', 'This server takes no new work.', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    case 'in_flight':
      return problem('idempotency_in_flight', 'The first request with this key is still running.', {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    default:
      return outcome.type === 'problem'
        ? { ok: false, problem: outcome.problem }
        : { ok: true, order: toOrderAnswer(outcome.order), replayed: outcome.replayed };
  }
}
