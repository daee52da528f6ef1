/** Waiting at once, under all names together: each keeps its request's body in memory. */
const WAITING_MAX = 500;

/** As long as a client waits for an answer, mostly; the work before it ends within the same time or is refused. */
const WAIT_MS_MAX = 30_000;

/** Work under one name is done one at a time; what comes meanwhile waits for its turn, in order. */
export interface Turns {
  /** Resolves when it is the caller's turn, with what ends it; with undefined where it had to wait for too long, or too many wait. */
  take(name: string): Promise<(() => void) | undefined>;
}

export function createTurns({ waitingMax = WAITING_MAX, waitMsMax = WAIT_MS_MAX } = {}): Turns {
  /** By name: who waits behind the one whose turn it is. */
  const taken = new Map<string, Set<() => void>>();
  let waiting = 0;

  function end(name: string): void {
    const [next] = taken.get(name) ?? [];
    if (next) next();
    else taken.delete(name);
  }

  return {
    take(name) {
      const ended = (): void => end(name);
      const behind = taken.get(name);
      if (!behind) {
        taken.set(name, new Set());
        return Promise.resolve(ended);
      }
      if (waiting >= waitingMax) return Promise.resolve(undefined);
      waiting += 1;
      return new Promise((resolve) => {
        const leave = (): void => {
          clearTimeout(timer);
          behind.delete(begin);
          waiting -= 1;
        };
        const begin = (): void => {
          leave();
          resolve(ended);
        };
        const timer = setTimeout(() => {
          leave();
          resolve(undefined);
        }, waitMsMax);
        timer.unref();
        behind.add(begin);
      });
    },
  };
}
