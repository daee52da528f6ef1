import type { StoredEvent } from '../events/event.ts';

/**
 * Events of each shard that are kept in memory, up to twice as many between two cuts, some 8 MB: a reader that was away for a
 * moment, or has just caught up, is served from here and not from the database.
 */
const RECENT_EVENTS_MAX = 4_096;

/** The newest events of each shard, without a gap. */
export class RecentEvents {
  private readonly shards = new Map<number, StoredEvent[]>();
  private readonly max: number;

  constructor(max: number = RECENT_EVENTS_MAX) {
    this.max = max;
  }

  /** What does not continue what was added before, since retention has dropped what was between, starts over. */
  add(shard: number, events: readonly StoredEvent[]): void {
    const before = this.shards.get(shard) ?? [];
    const last = before.at(-1)?.seq;
    const kept = last === undefined || last + 1 === events[0]?.seq ? before : [];
    for (const event of events) kept.push(event);
    // Cut when it is twice as long: to move the rest once for many additions.
    this.shards.set(shard, kept.length > 2 * this.max ? kept.slice(-this.max) : kept);
  }

  /** Whether everything behind `after` is here. */
  has(shard: number, after: number): boolean {
    const first = this.shards.get(shard)?.[0]?.seq;
    return first !== undefined && after + 1 >= first;
  }

  /** Everything behind `after`; call only where `has` says that it is here. */
  after(shard: number, after: number): readonly StoredEvent[] {
    const kept = this.shards.get(shard) ?? [];
    return kept.slice(after + 1 - (kept[0]?.seq ?? 0));
  }

  clear(): void {
    this.shards.clear();
  }
}
