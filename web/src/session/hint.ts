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

export function setSessionHint(present: boolean): void {
  try {
    if (present) localStorage.setItem(NAME, '1');
    else localStorage.removeItem(NAME);
  } catch {
    // Storage is switched off: then the server is asked each time.
  }
}
