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

/**
 * Events of each shard, the newest, of which it is kept who was told: 1.5 MB, and half a minute of a server that decides a
 * thousand orders a second. Older ones are answered with "not kept any more".
 */
const KEPT_MAX = 65_536;

/** How many live subscriptions of this process were handed an event, and when. */
export interface Handed {
  /** ms since the epoch. */
  atMs: number;
  /** Those of the event's owner (the channel `me`). */
  owner: number;
  /** All of them: the owner's, those of public channels, and operators'. */
  all: number;
}

/**
 * What one shard's newest events were handed to, each at its sequence modulo the size. By number, since it is written for
 * each event: a map from which the oldest is deleted cost as much as all the rest of handing out.
 */
interface Window {
  seqs: Float64Array;
  times: Float64Array;
  owners: Uint32Array;
  all: Uint32Array;
}

/** What was handed to live connections, for those who ask who was told. Bounded; a restart forgets it. */
export class Deliveries {
  private readonly from: ReadonlyMap<number, number>;
  private readonly max: number;
  /** Of a shard of which nothing was handed to anybody yet there is none. */
  private readonly windows = new Map<number, Window>();
  /** Shard → the newest sequence. */
  private readonly newest = new Map<number, number>();

  /** `from`: where the log stood when this process began to hand events on. */
  constructor(from: ReadonlyMap<number, number>, max: number = KEPT_MAX) {
    this.from = from;
    this.max = max;
  }

  /** For each event, also of those that were handed to nobody. */
  add({ shard, seq }: StoredEvent, { owner, all }: { owner: number; all: number }): void {
    this.newest.set(shard, seq);
    if (all === 0) return;
    const { seqs, times, owners, all: everybody } = this.windowOf(shard);
    const place = seq % this.max;
    seqs[place] = seq;
    times[place] = Date.now();
    owners[place] = owner;
    everybody[place] = all;
  }

  /** undefined where it is not kept any more. */
  of(shard: number, seq: number): Handed | { atMs: null; owner: 0; all: 0 } | undefined {
    const { from, max } = this;
    if (seq <= Math.max(from.get(shard) ?? 0, (this.newest.get(shard) ?? 0) - max)) return undefined;
    const window = this.windows.get(shard);
    const place = seq % max;
    // Events that were handed to nobody leave their place as it was.
    if (window?.seqs[place] !== seq) return { atMs: null, owner: 0, all: 0 };
    const [atMs, owner, all] = [window.times[place], window.owners[place], window.all[place]] as [
      number,
      number,
      number,
    ];
    return { atMs, owner, all };
  }

  private windowOf(shard: number): Window {
    const known = this.windows.get(shard);
    if (known) return known;
    const { max } = this;
    const window = {
      seqs: new Float64Array(max),
      times: new Float64Array(max),
      owners: new Uint32Array(max),
      all: new Uint32Array(max),
    };
    this.windows.set(shard, window);
    return window;
  }
}
