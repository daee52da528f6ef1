import type { StoredEvent } from '../events/event.ts';
import { isCounted, type KnownTallies, type Tally } from './rollups.ts';

/**
 * Events of each shard that are kept: 800 kB. The projection does not rest from 50,000 behind, so that it is seldom
 * further behind than this; where it is, it reads the log.
 */
const KEPT_MAX = 131_072;

const MINUTE_MS = 60_000;
/** More than all types, kinds and statuses of the contract together, each opening an order or not. */
const LABELS_MAX = 32_768;
const NOT_COUNTED = -1;

/**
 * What the newest events of this process are counted by, so that the index projection need not read ten thousand JSON
 * documents to find it out, which took as long as all the rest of its work.
 */
export interface RecentCounts {
  /** Events that were committed, in the order of their sequences. */
  record(shard: number, events: readonly StoredEvent[]): void;
  /** Tallies of the events in (after, until]; undefined where not all of them are known here. */
  tally: KnownTallies;
}

interface Label {
  type: string;
  kind: string;
  status: string;
  isOpening: boolean;
}

/** One shard's newest events: the labels and minutes of (last − length, last], each at its sequence modulo the size. */
interface Window {
  labels: Int16Array;
  minutes: Int32Array;
  last: number;
  length: number;
}

export function createRecentCounts(sizeMax: number = KEPT_MAX): RecentCounts {
  const labels: Label[] = [];
  const labelIndex = new Map<string, number>();
  const windows = new Map<number, Window>();
  let lastIndex = NOT_COUNTED;

  function labelOf({ type, data, opensOrder }: StoredEvent): number {
    if (!isCounted(type)) return NOT_COUNTED;
    const isOrder = type === 'order_processed';
    const kind = isOrder ? ((data['kind'] as string | undefined) ?? '') : '';
    const status = isOrder ? ((data['status'] as string | undefined) ?? '') : '';
    const isOpening = opensOrder === true;
    const last = labels[lastIndex];
    // Mostly it is what it was with the event before.
    if (last?.type === type && last.kind === kind && last.status === status && last.isOpening === isOpening)
      return lastIndex;
    lastIndex = indexOf({ type, kind, status, isOpening });
    return lastIndex;
  }

  function indexOf(label: Label): number {
    const name = Object.values(label).join(' ');
    const known = labelIndex.get(name);
    if (known !== undefined) return known;
    labelIndex.set(name, labels.length);
    return labels.push(label) - 1;
  }

  return {
    record(shard, events) {
      const first = events[0]?.seq;
      if (first === undefined) return;
      let window = windows.get(shard);
      if (!window) {
        window = { labels: new Int16Array(sizeMax), minutes: new Int32Array(sizeMax), last: 0, length: 0 };
        windows.set(shard, window);
      }
      // Another process wrote in between, or a commit was not heard of: what was before is of no use.
      if (first !== window.last + 1) window.length = 0;
      let at = '';
      let minute = 0;
      for (const event of events) {
        // Events of a batch mostly share the text of their time.
        if (event.at !== at) {
          at = event.at;
          minute = Math.floor(Date.parse(at) / MINUTE_MS);
        }
        const place = event.seq % sizeMax;
        window.labels[place] = labelOf(event);
        window.minutes[place] = minute;
      }
      window.last = first + events.length - 1;
      window.length = Math.min(sizeMax, window.length + events.length);
    },
    tally(shard, after, until) {
      const window = windows.get(shard);
      if (!window || until > window.last || after < window.last - window.length) return undefined;
      // By number: ten thousand events are counted in 0.3 ms, without a text for each.
      const counts = new Map<number, number>();
      for (let seq = after + 1; seq <= until; seq += 1) {
        const index = window.labels[seq % sizeMax] as number;
        if (index === NOT_COUNTED) continue;
        const code = (window.minutes[seq % sizeMax] as number) * LABELS_MAX + index;
        counts.set(code, (counts.get(code) ?? 0) + 1);
      }
      const tallies = new Map<string, Tally>();
      for (const [code, count] of counts) {
        // The remainder of a minute before 1970, which a clock that was never set makes, would be negative.
        const minute = Math.floor(code / LABELS_MAX);
        const { type, kind, status, isOpening } = labels[code - minute * LABELS_MAX] as Label;
        const name = `${minute} ${type} ${kind} ${status}`;
        let tally = tallies.get(name);
        if (!tally) {
          tally = { at: new Date(minute * MINUTE_MS), type, kind, status, count: 0, opened: 0 };
          tallies.set(name, tally);
        }
        tally.count += count;
        if (isOpening) tally.opened += count;
      }
      return [...tallies.values()];
    },
  };
}
