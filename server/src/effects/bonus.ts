import type pg from 'pg';
import { formatId, shardOf } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { enqueue, type NewJob } from '../db/jobs.ts';
import type { Intake } from '../intake/intake.ts';
import { type RoutedJob, submitted } from './job.ts';

/** A registration asks for the bonus at once; the job comes later, and normally finds it granted. */
const SAFETY_NET_MS = 10_000;

const GRANT_BONUS = 'grant_bonus';

/** What a user is granted. */
export interface Bonus {
  /** Bare UUID. */
  userId: string;
  asset: string;
  /** Decimal string. */
  amount: string;
}

/** Grants a new user's starting balance; however often it is asked for, a user gets one. */
export function grantBonus(intake: Pick<Intake, 'submitInternal'>, bonus: Bonus): ReturnType<Intake['submitInternal']> {
  return intake.submitInternal('grant_bonus', `bonus/${bonus.userId}`, {
    user_id: formatId('user', bonus.userId),
    asset: bonus.asset,
    amount: bonus.amount,
  });
}

/**
 * Makes sure of it, in the transaction that makes the user: the bonus comes also where the process ends right after. With the
 * user alone it is what the server that does the job grants: a command knows only settings of its own.
 */
export async function enqueueBonus(
  client: Pick<pg.ClientBase, 'query'>,
  bonus: Bonus | Pick<Bonus, 'userId'>,
): Promise<void> {
  const runAt = new Date(Date.now() + SAFETY_NET_MS);
  await enqueue(client, GRANT_BONUS, [{ ...jobOf({ ...bonus }), runAt }]);
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
    name: GRANT_BONUS,
    shardOf: (payload, shardCount) => shardOf(bonusUser(payload), shardCount),
    jobOf,
    async task(payload) {
      const bonus = 'asset' in payload ? (payload as unknown as Bonus) : bonusOf(bonusUser(payload));
      if (bonus) submitted(await grantBonus(intake, bonus));
    },
  };
}
