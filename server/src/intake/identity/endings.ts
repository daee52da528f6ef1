/** Tells what is kept open for a user that the user's sessions or keys may have ended. */
export interface Endings {
  /** Bare UUID. */
  tell(userId: string): void;
  /** For as long as the process runs. */
  listen(listener: (userId: string) => void): void;
}

export function createEndings(): Endings {
  const listeners: ((userId: string) => void)[] = [];
  return {
    tell(userId) {
      for (const listener of listeners) listener(userId);
    },
    listen(listener) {
      listeners.push(listener);
    },
  };
}
