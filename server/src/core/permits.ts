/** Lets so many tasks run at once; the others wait in the order in which they came. */
export interface Permits {
  run<T>(task: () => Promise<T>): Promise<T>;
}

/** As `Permits`, with a bound on those that wait. */
export interface BoundedPermits {
  /** undefined where too many wait already: the task does not run then. */
  run<T>(task: () => Promise<T>): Promise<T> | undefined;
}

/** How many wait must be bounded by the callers. */
export function createPermits(atOnce: number): Permits {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return {
    async run(task) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await task();
      } finally {
        // The place is handed on without becoming free in between, so that nobody overtakes.
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}

export function createBoundedPermits({ atOnce, waitingMax }: { atOnce: number; waitingMax: number }): BoundedPermits {
  const permits = createPermits(atOnce);
  let underWay = 0;
  return {
    run(task) {
      if (underWay >= atOnce + waitingMax) return undefined;
      underWay += 1;
      return permits.run(task).finally(() => {
        underWay -= 1;
      });
    },
  };
}
