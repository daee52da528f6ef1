import type { StoredEvent } from '../events/event.ts';
import type { Batch, Outcome } from './batch.ts';
import type { Waiting } from './claim.ts';

/** Told after each commit, in commit order. Must not throw and must not wait. */
export type Committed = (shard: number, events: readonly StoredEvent[]) => void;

/** After the commit: the relay is woken first, then everybody who waits gets the answer. */
export function finishBatch(batch: Batch, waiting: readonly Waiting[], committed: Committed): void {
  batch.refusals.commit();
  if (batch.events.length > 0) committed(batch.shard, batch.events);
  waiting.forEach(({ resolve }, index) => resolve(batch.outcomes[index] as Outcome));
}
