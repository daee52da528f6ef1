export interface Gate {
  /** Runs the task as soon as there is room; undefined where too many wait already: the task does not run then. */
  run<T>(task: () => Promise<T>): Promise<T> | undefined;
}

/** Lets `atOnce` tasks run at a time; at most `waitingMax` wait, first come, first served. */
export function createGate({ atOnce, waitingMax }: { atOnce: number; waitingMax: number }): Gate {
  let running = 0;
  const waiting: (() => void)[] = [];

  const enter = (): Promise<void> | undefined => {
    if (running < atOnce) {
      running += 1;
      return undefined;
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
  // The place is handed on without becoming free in between, so that nobody overtakes.
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  };
  const take = async <T>(task: () => Promise<T>): Promise<T> => {
    await enter();
    try {
      return await task();
    } finally {
      leave();
    }
  };
  return {
    run: (task) => (running >= atOnce && waiting.length >= waitingMax ? undefined : take(task)),
  };
}
