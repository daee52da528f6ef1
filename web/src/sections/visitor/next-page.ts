import { useNavigate, useSearch } from '@tanstack/react-router';

/**
 * Where to go after logging in: back to the page that asked for it. Only a path of this application; anything else, such
 * as another site's address that was put into a link, is the beginning.
 */
export function pathAfter(next: unknown): string {
  if (typeof next !== 'string' || !/^\/(?![/\\])/.test(next)) return '/';
  return next === '/login' || next.startsWith('/login?') || next === '/signup' ? '/' : next;
}

/** Goes there. */
export function useGoOn(): () => Promise<void> {
  const navigate = useNavigate();
  const { next }: { next?: unknown } = useSearch({ strict: false });
  return () => navigate({ href: pathAfter(next), replace: true });
}
