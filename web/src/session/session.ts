import { MillraceError } from '@millrace/client';
import type { LoginBody, RegistrationBody, User } from '@millrace/contract';
import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { keys } from '../live/keys.ts';
import { client, leaving } from './client.ts';
import { hasSessionHint, noteAnother, noteExpiry, noteLeaving, noteLogOut, noteSession } from './hint.ts';

export type Role = User['role'];

async function fetchUser(): Promise<User | null> {
  if (!hasSessionHint()) return null;
  try {
    const user = await client.me();
    noteSession(user.id);
    return user;
  } catch (error) {
    if (!(error instanceof MillraceError && error.code === 'unauthenticated')) throw error;
    noteExpiry();
    return null;
  }
}

/** Who is logged in; null: nobody. */
export const sessionQuery = queryOptions({
  queryKey: keys.me(),
  queryFn: fetchUser,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
});

/** Who is logged in; null: nobody, or not known yet. */
export function useSession(): User | null {
  return useQuery(sessionQuery).data ?? null;
}

/** Who is logged in, on pages that nobody sees without. */
export function useUser(): User {
  const user = useSession();
  if (user === null) throw new Error('this page needs a user who is logged in');
  return user;
}

/** Changes who is logged in. Each throws a MillraceError. */
export interface SessionActions {
  logIn(body: LoginBody): Promise<User>;
  signUp(body: RegistrationBody): Promise<User>;
  /** Begins again at the first page, with nothing in memory that the last person saw. */
  logOut(): Promise<void>;
  /** As `logOut`, of every session of this user. */
  logOutEverywhere(): Promise<void>;
}

/** A load of the document: nothing of the page survives it. */
export function leave(): void {
  globalThis.location.assign('/');
}

/** Ends what the page is logged in by, and leaves it. */
async function end(cache: QueryClient, endSession: () => Promise<void>): Promise<void> {
  const user = cache.getQueryData(sessionQuery.queryKey);
  // Other tabs leave first: nothing of theirs, or of this page, should still ask for what the end of the session refuses.
  noteLeaving();
  leaving.begin();
  try {
    await endSession();
  } catch (error) {
    const code = error instanceof MillraceError ? error.code : undefined;
    // A session that has ended already is what was asked for.
    if (code !== 'unauthenticated') {
      leaving.callOff();
      // Another user's session is not this page's to note.
      if (code === 'session_changed') noteAnother();
      else if (user) noteSession(user.id);
      throw error;
    }
  }
  noteLogOut();
  leave();
}

export function sessionActions(cache: QueryClient): SessionActions {
  const begin = (user: User): User => {
    noteSession(user.id);
    cache.setQueryData(keys.me(), user);
    return user;
  };
  return {
    logIn: async (body) => begin((await client.auth.logIn(body)).user),
    signUp: async (body) => begin((await client.auth.register(body)).user),
    logOut: () => end(cache, () => client.auth.logOut()),
    logOutEverywhere: () => end(cache, () => client.sessions.endAll()),
  };
}

export function useSessionActions(): SessionActions {
  return sessionActions(useQueryClient());
}
