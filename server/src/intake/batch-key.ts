import { BATCH_ORDERS_MAX } from '@millrace/contract';
import type pg from 'pg';
import { problem, type Result } from '../core/result.ts';
import type { Command } from '../desks/desk.ts';
import type { Submission } from './intake.ts';
import type { Turns } from './turns.ts';

type Idempotency = NonNullable<Submission['idempotency']>;
type CommandKey = NonNullable<Command['key']>;

/** The key of the order at this place of a batch: each acts once, and all have the batch's fingerprint. */
export function keyInBatch(idempotency: Idempotency, index: number): Idempotency {
  return { ...idempotency, key: `${idempotency.key}#${index}` };
}

/**
 * Any order of another batch under the same key: its first ones may have been refused, and have left no key. The names as
 * an array, so that the primary key is searched for each, and never all the keys of one user are read.
 */
const FIND_OTHER = `
select 1 from idempotency_keys
where user_id = $1::uuid and operation = $2 and fingerprint <> $4
  and key = any (array(select $3 || '#' || n from generate_series(0, ${BATCH_ORDERS_MAX - 1}) as n))
limit 1`;

const RETRY_AFTER_SECONDS = 1;

/**
 * Keeps a batch's key until the returned function is called; another batch with the same key waits for that. The orders of
 * an equal one then get the first one's answers.
 */
export async function holdBatchKey(
  { pool, turns }: { pool: pg.Pool; turns: Turns },
  { userId, operation, key, fingerprint }: CommandKey,
): Promise<Result<() => void>> {
  const end = await turns.take(`${userId}\n${operation}\n${key}`);
  if (!end) {
    return problem('idempotency_in_flight', 'The first batch with this key is still running.', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
  try {
    const other = await pool.query(FIND_OTHER, [userId, operation, key, fingerprint]);
    if (other.rows.length === 0) return { ok: true, value: end };
  } catch (error) {
    end();
    throw error;
  }
  end();
  return problem('idempotency_mismatch', 'This idempotency key was used with another batch.');
}
