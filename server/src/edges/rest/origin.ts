import type { FastifyRequest } from 'fastify';

/**
 * Whether a request that carries a session's cookie comes from a page that may use it: one of this server itself, or of
 * an allowed origin. A browser says where a request that changes something comes from; one that says nothing is none.
 */
export function isAllowedOrigin(
  request: Pick<FastifyRequest, 'headers' | 'host'>,
  allowed: ReadonlySet<string>,
): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (origin !== undefined) {
    if (allowed.has(origin)) return true;
    return URL.parse(origin)?.host === request.host && (site === undefined || site === 'same-origin');
  }
  return site === 'same-origin';
}
