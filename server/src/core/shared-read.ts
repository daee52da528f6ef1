/**
 * A reading that many ask for and that costs something: those who ask while it is under way, or within `freshMs` after
 * it, share it. What fails is told to those who wait for it, and is not kept.
 */
export function sharedRead<T>(read: () => Promise<T>, freshMs: number): () => Promise<T> {
  let current: Promise<T> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (current && performance.now() - readAt < freshMs) return current;
    // Under way: not older than fresh until it has come.
    readAt = Number.POSITIVE_INFINITY;
    const reading = read().then(
      (value) => {
        readAt = performance.now();
        return value;
      },
      (error: unknown) => {
        current = undefined;
        throw error;
      },
    );
    current = reading;
    return reading;
  };
}
