/**
 * Whether this browser has a session is only known to its cookie, which no script may read. This note says whether to
 * ask at all, so that a visitor's page does not begin with a refused request. It grants nothing.
 */
const NAME = 'millrace-has-session';

export function hasSessionHint(): boolean {
  try {
    return localStorage.getItem(NAME) !== null;
  } catch {
    return true;
  }
}

/** @param userId who is logged in now; null: nobody. */
export function setSessionHint(userId: string | null): void {
  try {
    if (userId === null) localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, userId);
  } catch {
    // Storage is switched off: then the server is asked each time.
  }
}

/** Calls back when another tab logs out, or in as somebody else: the cookie is then not this page's any more. */
export function onSessionChangeElsewhere(listener: () => void): () => void {
  const heard = ({ key, oldValue, newValue }: StorageEvent): void => {
    if (key === NAME && oldValue !== null && newValue !== oldValue) listener();
  };
  globalThis.addEventListener('storage', heard);
  return () => globalThis.removeEventListener('storage', heard);
}
