import type { Identity } from '../intake/identity/index.ts';
import type { Retention } from '../retention/index.ts';
import type { JobTask } from './job.ts';

/** Rows of one statement: few enough that nobody waits for its locks. */
const PORTION = 1_000;
/** A run ends after a million rows, 1,600 for each second since the last one; what is left is there at the next. */
const PORTIONS_MAX = 1_000;

/** Deletes what has expired: sessions, tickets and keys would pile up otherwise. Belongs among the scheduler's tasks. */
export function expiryTask(identity: Pick<Identity, 'purgeExpired'>): JobTask {
  return async (_payload, { signal }) => {
    for (let portion = 0; portion < PORTIONS_MAX; portion += 1) {
      if (signal.aborted || (await identity.purgeExpired(PORTION)) < PORTION) return;
    }
  };
}

/** Drops history that the ledger does not need. Belongs among the scheduler's tasks; paces and bounds itself. */
export function retentionTask(retention: Pick<Retention, 'run'>): JobTask {
  return async (_payload, { signal }) => {
    await retention.run(signal);
  };
}
