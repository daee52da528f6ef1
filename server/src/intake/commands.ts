import { KINDS, type KindName } from '@millrace/contract';
import { hash } from 'node:crypto';
import type { Caller } from '../core/caller.ts';
import type { Clock } from '../core/clock.ts';
import { commandName, type DeriveId, isCallersUuid, parseId, uuidv7 } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { problem, type Result } from '../core/result.ts';
import type { Command } from '../desks/desk.ts';
import type { Submission } from './intake.ts';
import { shardByKey } from './ordering.ts';
import { validateParams } from './validation.ts';

export interface CommandOrigin {
  clock: Clock;
  /** Shards of the installation, not only of this process. */
  shardCount: number;
  /** Makes the ids of the system's own commands. */
  deriveId: DeriveId;
}

/** What a caller submits, checked: the caller may, and the parameters have the kind's shape. */
export function commandOf(
  caller: Caller,
  submission: Submission,
  { clock, shardCount }: Omit<CommandOrigin, 'deriveId'>,
): Result<Command> {
  const { kind } = submission;
  const allowed = permission(caller, kind);
  if (!allowed.ok) return allowed;
  const valid = validateParams(allowed.value, submission.params);
  if (!valid.ok) return valid;
  const chosen = submission.id === undefined ? undefined : parseId('order', submission.id);
  if (submission.id !== undefined && (chosen === undefined || !isCallersUuid(chosen))) {
    return problem('invalid_request', 'The id is not valid.', {
      errors: [{ pointer: '/id', detail: 'must be ord_ and a UUID of one of the versions 1 to 7, such as 4 or 7' }],
    });
  }
  const { idempotency } = submission;
  const id = chosen ?? uuidv7();
  const { params } = valid.value;
  const userId = caller.actingFor;
  return {
    ok: true,
    value: {
      id,
      kind,
      userId,
      actorId: caller.userId === caller.actingFor ? null : caller.userId,
      params,
      at: clock.now(),
      shard: shardByKey(allowed.value, { id, userId, params }, shardCount),
      idMayExist: chosen !== undefined,
      fingerprint: chosen === undefined ? null : hash('sha256', `${kind}\n${valid.value.json}`, 'hex').slice(0, 32),
      key: idempotency ? keyOf(caller, idempotency) : null,
      retryOf: null,
    },
  };
}

/** A command of the system's own. The same name acts once. */
export function internalCommand(
  kind: KindName,
  name: string,
  params: JsonObject,
  { clock, shardCount, deriveId }: CommandOrigin,
): Command {
  const id = deriveId(commandName(name));
  return {
    id,
    kind,
    userId: null,
    actorId: null,
    params,
    at: clock.now(),
    shard: shardByKey(kind, { id, userId: null, params }, shardCount),
    idMayExist: true,
    fingerprint: null,
    key: null,
    retryOf: null,
  };
}

/**
 * A service's keys are its own, no matter for whom it acts. The user belongs to the fingerprint: the same request for another
 * user is another request, not a repetition that would be answered with another user's order.
 */
export function keyOf(
  caller: Caller,
  idempotency: NonNullable<Submission['idempotency']>,
): NonNullable<Command['key']> {
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
