/**
 * A page that ends its session asks for nothing else meanwhile: the end breaks its streams, which would come back, be refused, and
 * have the person asked for a password who has just logged out.
 */
export interface Leaving {
  begin(): void;
  /** The session could not be ended: what waits goes out. */
  callOff(): void;
  /** Settles where the page stays. */
  readonly isOver: Promise<void> | undefined;
}

export function createLeaving(): Leaving {
  let begun: PromiseWithResolvers<void> | undefined;
  return {
    begin() {
      begun ??= Promise.withResolvers();
    },
    callOff() {
      begun?.resolve();
      begun = undefined;
    },
    get isOver() {
      return begun?.promise;
    },
  };
}

/** Requests that end a session, and the log-in that one of them may need first, where it has expired. */
const ENDING = /^(POST \/v1\/auth\/(logout|login)|DELETE \/v1\/sessions)$/;

/** `fetch` for the client: while the page is leaving, only what ends the session goes out. */
export function fetchUnlessLeaving(
  leaving: Pick<Leaving, 'isOver'>,
  send: typeof fetch = (input, init) => globalThis.fetch(input, init),
): typeof fetch {
  return async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input, 'http://here');
    if (!ENDING.test(`${init?.method ?? 'GET'} ${pathname}`)) await leaving.isOver;
    return send(input, init);
  };
}
