/**
 * A session that expires while a page is open: requests that were refused wait here until the person has logged in again
 * over the page, and then go out once more, so that nothing that was typed is lost.
 */
export interface Expiry {
  /** Whether anything waits for a log-in. */
  readonly waiting: boolean;
  subscribe(listener: () => void): () => void;
  /** Resolves with whether the same person is logged in again. */
  askAgain(): Promise<boolean>;
  /** Answers everybody who waits. */
  settle(loggedIn: boolean): void;
}

export function createExpiry(): Expiry {
  const listeners = new Set<() => void>();
  let asked: PromiseWithResolvers<boolean> | undefined;
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    get waiting() {
      return asked !== undefined;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    askAgain() {
      if (!asked) {
        asked = Promise.withResolvers<boolean>();
        tell();
      }
      return asked.promise;
    },
    settle(loggedIn) {
      const waiting = asked;
      asked = undefined;
      waiting?.resolve(loggedIn);
      tell();
    },
  };
}

/** Requests that a missing session is an ordinary answer to. */
const ASKING = /\/v1\/(me|auth\/(login|logout|password-reset))$/;

/** `fetch` for the client: a refused request is sent again when the session has been renewed. */
export function fetchWithRenewal(
  expiry: Expiry,
  isLoggedIn: () => boolean,
  send: typeof fetch = (input, init) => globalThis.fetch(input, init),
): typeof fetch {
  return async (input, init) => {
    const response = await send(input, init);
    const path = new URL(input instanceof Request ? input.url : input, 'http://here').pathname;
    if (response.status !== 401 || ASKING.test(path) || !isLoggedIn()) return response;
    if (!(await expiry.askAgain())) return response;
    // The first attempt's time is up: a person needed longer to type a password than a server may need to answer.
    return send(input, { ...init, signal: null });
  };
}
