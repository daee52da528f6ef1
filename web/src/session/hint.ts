/**
 * Whether this browser has a session is only known to its cookie, which no script may read. This note says whether to
 * ask at all, so that a visitor's page does not begin with a refused request, and tells the other tabs. It grants nothing.
 */
const NAME = 'millrace-has-session';
/** Nobody logged out: the session has ended by itself. Other tabs keep what was typed in them. */
const EXPIRED = 'expired';

/** A user is logged in, and it is not known who. */
const ANOTHER = 'another';

/** Whose page this is; null: nobody's yet. */
let own: string | null = null;

export function hasSessionHint(): boolean {
  const latest = noted();
  return latest !== null && latest !== EXPIRED;
}

/** Whose page this is, whatever other tabs did since; null: nobody's. */
export function ownerOfPage(): string | null {
  return own;
}

/** @param userId who is logged in now. */
export function noteSession(userId: string): void {
  own = userId;
  note(userId);
}

/** The session has ended by itself. */
export function noteExpiry(): void {
  note(EXPIRED);
}

/** The user is about to log out: other tabs leave. Where another user has logged in since, it is none of theirs. */
export function noteLeaving(): void {
  if (noted() === own) note(null);
}

/** Another user than this page's is logged in, and no tab has noted it: whatever is loaded next must ask who. */
export function noteAnother(): void {
  if (noted() === null) note(ANOTHER);
}

/** The user has logged out, and the page with it. */
export function noteLogOut(): void {
  own = null;
  note(null);
}

/** What was noted last, by whichever tab; undefined where storage is switched off. */
function noted(): string | null | undefined {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return undefined;
  }
}

function note(value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, value);
  } catch {
    // Storage is switched off: then the server is asked each time.
  }
}

export interface ElsewhereListeners {
  /** A user logged out, or another one in: the cookie is then not this page's any more. */
  left: () => void;
  /** Whose page this is has logged in. */
  loggedIn: () => void;
}

/** Tells the listeners when another tab logs out or in. */
export function onSessionChangeElsewhere(
  { left, loggedIn }: ElsewhereListeners,
  target: EventTarget = globalThis,
): () => void {
  const heard = (event: Event): void => {
    const { key, newValue } = event as StorageEvent;
    if (key !== NAME || own === null || newValue === EXPIRED) return;
    if (newValue === own) loggedIn();
    else left();
  };
  // A page that slept (in the background, or kept for the button "back") has heard of nothing.
  const awoke = (): void => {
    const latest = noted();
    if (own !== null && latest !== undefined && latest !== own && latest !== EXPIRED) left();
  };
  target.addEventListener('storage', heard);
  target.addEventListener('pageshow', awoke);
  target.addEventListener('focus', awoke);
  return () => {
    target.removeEventListener('storage', heard);
    target.removeEventListener('pageshow', awoke);
    target.removeEventListener('focus', awoke);
  };
}
