import { BATCH_ORDERS_MAX } from '@millrace/contract';
import type { Problem } from '../core/result.ts';
import type { Command } from '../desks/desk.ts';

/** Clients repeat a request whose answer they lost for some seconds, a pause that a server asked for (30 s at most) included. */
const KEPT_MS = 60_000;
/** Of one user: a whole batch may be refused. The oldest go first, and no other user's. */
const PER_USER_MAX = BATCH_ORDERS_MAX;
/** Of all users, some 10 MB. Beyond it, those of the user who was refused longest ago go. */
const IN_ALL_MAX = 20_000;

/** Names a request by which the caller recognises it: by its key, or by the id that was chosen, with what it says. */
type Asked = Pick<Command, 'key'> & Partial<Pick<Command, 'id' | 'userId' | 'fingerprint'>>;

/**
 * What was refused and left no order, so that a caller who asks again with the same key or id is told the same, although the state that
 * led to the refusal may have changed. A refusal that a repetition may mend ("try again") must not be kept here.
 */
export interface Refusals {
  find(asked: Asked): Problem | undefined;
  keep(asked: Asked, problem: Problem): void;
}

/** Those of a batch: they are told, and known to other batches, when it is committed. */
export interface BatchRefusals extends Refusals {
  commit(): void;
}

interface RefusalsOptions {
  perUserMax?: number;
  inAllMax?: number;
  /** ms of a clock that does not run backwards. Default: the process's. */
  now?: () => number;
}

export function createRefusals(options: RefusalsOptions = {}): Refusals {
  const { perUserMax = PER_USER_MAX, inAllMax = IN_ALL_MAX, now = () => performance.now() } = options;
  /** By user, the one who was refused longest ago first; within a user in the order in which they were refused. */
  const users = new Map<string, Map<string, { problem: Problem; until: number }>>();
  let count = 0;

  function dropUser(userId: string): void {
    count -= users.get(userId)?.size ?? 0;
    users.delete(userId);
  }

  return {
    find(asked) {
      const own = users.get(asked.key?.userId ?? asked.userId ?? '');
      // Nearly nobody has any: for all others that is all that it costs.
      const kept = own?.get(requestOf(asked)?.name ?? '');
      return kept && now() < kept.until ? kept.problem : undefined;
    },
    keep(asked, problem) {
      const request = requestOf(asked);
      if (!request) return;
      const { userId, name } = request;
      const own = users.get(userId) ?? new Map<string, { problem: Problem; until: number }>();
      users.delete(userId);
      users.set(userId, own);
      if (own.delete(name)) count -= 1;
      own.set(name, { problem, until: now() + KEPT_MS });
      count += 1;
      if (own.size > perUserMax) {
        own.delete(own.keys().next().value as string);
        count -= 1;
      }
      while (count > inAllMax) dropUser(users.keys().next().value as string);
    },
  };
}

/** What a batch decides is seen by its later commands at once, and by others behind its commit. */
export function refusalsOfBatch(known: Refusals): BatchRefusals {
  const own = createRefusals();
  const kept: [Asked, Problem][] = [];
  return {
    find: (asked) => own.find(asked) ?? known.find(asked),
    keep(asked, problem) {
      own.keep(asked, problem);
      kept.push([asked, problem]);
    },
    commit() {
      for (const [asked, problem] of kept) known.keep(asked, problem);
    },
  };
}

/** Undefined where a repetition could not be told from another request. */
function requestOf({ key, id, userId, fingerprint }: Asked): { userId: string; name: string } | undefined {
  if (key) return { userId: key.userId, name: `${key.operation}\n${key.key}\n${key.fingerprint}` };
  return id && userId && fingerprint ? { userId, name: `${id}\n${fingerprint}` } : undefined;
}
