/** Lets at most `max` tasks run at once; the others wait in the order in which they came. */
export interface Permits {
  run<T>(task: () => Promise<T>): Promise<T>;
}

/** Who waits is bounded by the callers: a sink reads one chunk at a time, and the number of sinks has a limit. */
export function createPermits(max: number): Permits {
  const waiting: (() => void)[] = [];
  let free = max;
  return {
    async run(task) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await task();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}
