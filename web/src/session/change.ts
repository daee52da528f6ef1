/**
 * The tabs of a browser share one cookie. Each request says whom its page shows (`Millrace-User`), and the server refuses what
 * would be done for another user, whichever way that one came in: this is where the page hears of it.
 */
export interface SessionChange {
  /** Whether another user is logged in than the one whom the page shows. */
  readonly happened: boolean;
  subscribe(listener: () => void): () => void;
  tell(): void;
  /** The page's user is who is logged in (again). */
  clear(): void;
}

export function createSessionChange(): SessionChange {
  const listeners = new Set<() => void>();
  let happened = false;
  const set = (value: boolean): void => {
    happened = value;
    for (const listener of listeners) listener();
  };
  return {
    get happened() {
      return happened;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell: () => set(true),
    clear: () => set(false),
  };
}

/** `fetch` for the page of one user: says whose it is, and hears where that is not who is logged in. */
export function fetchForOwner(
  owner: () => string | null,
  change: Pick<SessionChange, 'tell' | 'clear'>,
  send: typeof fetch = (input, init) => globalThis.fetch(input, init),
): typeof fetch {
  return async (input, init) => {
    const user = owner();
    // Who logs in does so as whomever they want.
    const headers = user === null || isLogIn(input) ? init?.headers : withUser(init?.headers, user);
    const response = await send(input, headers === undefined ? init : { ...init, headers });
    // A page logs in as the user whom it then shows.
    if (response.ok && isLogIn(input)) change.clear();
    if (response.status === 409 && (await codeOf(response)) === 'session_changed') change.tell();
    return response;
  };
}

function withUser(headers: RequestInit['headers'], user: string): Headers {
  const all = new Headers(headers);
  all.set('millrace-user', user);
  return all;
}

function isLogIn(input: RequestInfo | URL): boolean {
  return new URL(input instanceof Request ? input.url : input, 'http://here').pathname === '/v1/auth/login';
}

async function codeOf(response: Response): Promise<unknown> {
  try {
    return ((await response.clone().json()) as { code?: unknown }).code;
  } catch {
    return undefined;
  }
}
