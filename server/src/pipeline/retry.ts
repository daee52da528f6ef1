import type { DatabaseFault } from '../db/errors.ts';

/** How long an order waits for a database that is busy: as long as its client does, mostly, and not a moment longer. */
export const BUSY_MS_MAX = 20_000;
/** How long a batch is kept from the first loss of the connection on. A restart of PostgreSQL takes seconds. */
const RECONNECT_MS_MAX = 30_000;
/** Before a connection that was lost again is replaced: a server that accepts and refuses must not be asked in a loop. */
const LOST_AGAIN_PAUSE_MS = 25;
/** So many conflicts are how two shards that open the same account get along, and no news: without a pause. */
const USUAL_CONFLICTS_MAX = 2;
/** What may be the data's own fault is tried so often; conflicts with other shards resolve within a try or two. */
const AGAIN_TRIES_MAX = 10;
/** So often a batch waits as a whole. After that it is split, so that those who wait for nothing need not wait. */
const WHOLE_TRIES_MAX = 5;
const PAUSE_MS = 25;
/** Between two tries of one order: what it waits for is noticed within this time. */
const PAUSE_MS_MAX = 1_000;

/** What a batch has been through, and all that it was split into with it. */
export interface Trouble {
  busyTries: number;
  againTries: number;
  /** Another holds what it needs for longer than the server lets it wait: others should not be kept waiting with it. */
  isStuck: boolean;
  busyUntil?: number;
  lostUntil?: number;
}

export const noTrouble = (): Trouble => ({ busyTries: 0, againTries: 0, isStuck: false });

export type Step =
  | { do: 'again'; pauseMs: number }
  | { do: 'reconnect'; pauseMs: number; until: number }
  /** Each half by itself; a single command is parked, for so long. */
  | { do: 'split'; pauseMs: number }
  /** The data is refused: halves find the command, which becomes a dead letter. */
  | { do: 'blame' }
  | { do: 'refuse'; because: 'busy' | 'unwritable' | 'unknown' };

export interface Situation {
  now: number;
  busyMsMax: number;
  /** 0 to 1: pauses differ, so that two who were in each other's way are not again. */
  random: number;
}

/** Whether a fault is how it is meant to be, and nothing to tell anybody. */
export function isUsual(fault: DatabaseFault, { busyTries, againTries }: Trouble): boolean {
  return (fault === 'busy' || fault === 'again') && busyTries + againTries < USUAL_CONFLICTS_MAX;
}

/** What to do after a fault; counts it. Nothing is ever blamed for a database that has no time, no room or no connection. */
export function nextStep(fault: DatabaseFault, trouble: Trouble, { now, busyMsMax, random }: Situation): Step {
  // What a lost connection had begun to commit may be there; only a look tells, and there was none since.
  const refuse = (because: 'busy' | 'unwritable'): Step => ({
    do: 'refuse',
    because: trouble.lostUntil === undefined ? because : 'unknown',
  });
  switch (fault) {
    case 'unwritable':
      return refuse('unwritable');
    case 'lost': {
      const isFirst = trouble.lostUntil === undefined;
      trouble.lostUntil ??= now + RECONNECT_MS_MAX;
      if (now > trouble.lostUntil) return { do: 'refuse', because: 'unknown' };
      return { do: 'reconnect', pauseMs: isFirst ? 0 : LOST_AGAIN_PAUSE_MS, until: trouble.lostUntil };
    }
    case 'busy': {
      trouble.busyUntil ??= now + busyMsMax;
      trouble.busyTries += 1;
      if (now >= trouble.busyUntil) return refuse('busy');
      if (trouble.busyTries <= USUAL_CONFLICTS_MAX) return { do: 'again', pauseMs: 0 };
      const growing = PAUSE_MS * 2 ** Math.min(trouble.busyTries - USUAL_CONFLICTS_MAX - 1, 10);
      const pauseMs = Math.min(growing, PAUSE_MS_MAX) * (0.5 + random / 2);
      return { do: trouble.busyTries <= WHOLE_TRIES_MAX ? 'again' : 'split', pauseMs };
    }
    case 'again':
      trouble.againTries += 1;
      return trouble.againTries < AGAIN_TRIES_MAX ? { do: 'again', pauseMs: 0 } : { do: 'blame' };
    case 'refused':
      return { do: 'blame' };
  }
}
