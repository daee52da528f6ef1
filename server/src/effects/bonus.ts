import type pg from 'pg';
import { shardOf } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { enqueue, type NewJob } from '../db/jobs.ts';
import { DESKS } from '../desks/index.ts';
import type { Bonus, DeskModule } from '../desks/module.ts';
import type { Intake } from '../intake/intake.ts';
import { nameIn, type Ownership, type RoutedJob, submitted } from './job.ts';

/** A registration at the owner of the user's shard asks for the bonus at once; the job comes later, and normally finds it granted. */
const SAFETY_NET_MS = 10_000;

/** By what a user is granted it: exactly one desk says so. */
const GRANTS = DESKS.flatMap(({ grant }: DeskModule) => grant ?? []);
const [GRANT] = GRANTS;
if (!GRANT || GRANTS.length > 1) throw new Error(`${GRANTS.length} desks grant starting balances, not one`);
const { kind: KIND, paramsOf } = GRANT;

/** Grants a new user's starting balance; however often it is asked for, a user gets one. */
export function grantBonus(intake: Pick<Intake, 'submitInternal'>, bonus: Bonus): ReturnType<Intake['submitInternal']> {
  return intake.submitInternal(KIND, `bonus/${bonus.userId}`, paramsOf(bonus));
}

/**
 * Makes sure of it, in the transaction that makes the user: the bonus comes also where the process ends right after. With the
 * user alone it is what the server that does the job grants: a command knows only settings of its own.
 *
 * Only where this process grants it by itself, and right away, is the job in no hurry.
 *
 * @param ownership of this process. Default: it owns nothing, and does not know who does.
 */
export async function enqueueBonus(
  client: Pick<pg.ClientBase, 'query'>,
  bonus: Bonus | Pick<Bonus, 'userId'>,
  ownership?: Ownership,
): Promise<void> {
  const job = jobOf({ ...bonus });
  if (!ownership) return enqueue(client, KIND, [job]);
  if (grantsBonusOf(bonus.userId, ownership))
    return enqueue(client, KIND, [{ ...job, runAt: new Date(Date.now() + SAFETY_NET_MS) }]);
  await enqueue(client, nameIn(KIND, shardOf(bonus.userId, ownership.shardCount)), [job]);
}

/** Whether the process is the one that decides the user's starting balance. */
export function grantsBonusOf(userId: string, { own, shardCount }: Ownership): boolean {
  return own.has(shardOf(userId, shardCount));
}

function jobOf(payload: JsonObject): NewJob {
  return { jobKey: `bonus/${bonusUser(payload)}`, payload };
}

/** Bare UUID. */
function bonusUser(payload: JsonObject): string {
  return (payload as unknown as Bonus).userId;
}

/** Does it, as a job. `bonusOf`: what this installation grants a user; undefined: nothing. */
export function bonusJob(
  intake: Pick<Intake, 'submitInternal'>,
  bonusOf: (userId: string) => Bonus | undefined,
): RoutedJob {
  return {
    name: KIND,
    shardOf: (payload, shardCount) => shardOf(bonusUser(payload), shardCount),
    jobOf,
    async task(payload) {
      const bonus = 'asset' in payload ? (payload as unknown as Bonus) : bonusOf(bonusUser(payload));
      if (bonus) submitted(await grantBonus(intake, bonus));
    },
  };
}
