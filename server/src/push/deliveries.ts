import type { StoredEvent } from '../events/event.ts';

/**
 * Events of which it is kept who was told, the newest: some 3 MB, and a quarter of a minute of a server that decides a
 * thousand orders a second while somebody watches everything. Older ones are answered with "not kept any more".
 */
const DELIVERIES_MAX = 16_384;

/** How many live subscriptions of this process were handed an event, and when. */
export interface Handed {
  /** ms since the epoch. */
  atMs: number;
  /** Those of the event's owner (the channel `me`). */
  owner: number;
  /** All of them: the owner's, those of public channels, and operators'. */
  all: number;
}

/** What was handed to live connections, for whoever asks who was told. Bounded; a restart forgets it. */
export class Deliveries {
  private readonly handed = new Map<string, Handed>();
  /** Shard → the last sequence of which nothing is kept any more, or never was. */
  private readonly forgotten: Map<number, number>;
  private readonly max: number;

  /** `from`: where the log stood when this process began to hand events on. */
  constructor(from: ReadonlyMap<number, number>, max: number = DELIVERIES_MAX) {
    this.forgotten = new Map(from);
    this.max = max;
  }

  /** Nothing is kept of an event that was handed to nobody: that it is not here says so. */
  add({ shard, seq }: StoredEvent, counts: { owner: number; all: number }): void {
    if (counts.all === 0) return;
    this.handed.set(`${shard}-${seq}`, { atMs: Date.now(), ...counts });
    if (this.handed.size <= this.max) return;
    const oldest = this.handed.keys().next().value as string;
    this.handed.delete(oldest);
    const [oldShard, oldSeq] = oldest.split('-').map(Number) as [number, number];
    this.forgotten.set(oldShard, Math.max(this.forgotten.get(oldShard) ?? 0, oldSeq));
  }

  /** undefined where it is not kept any more. */
  of(shard: number, seq: number): Handed | { atMs: null; owner: 0; all: 0 } | undefined {
    const handed = this.handed.get(`${shard}-${seq}`);
    if (handed) return handed;
    return seq <= (this.forgotten.get(shard) ?? 0) ? undefined : { atMs: null, owner: 0, all: 0 };
  }
}
