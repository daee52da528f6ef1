import { fastifyCookie } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

export const SESSION_COOKIE = 'millrace_session';

export function sessionCookieOf(request: FastifyRequest): string | undefined {
  const header = request.headers.cookie;
  if (header === undefined || !header.includes(SESSION_COOKIE)) return undefined;
  return fastifyCookie.parse(header)[SESSION_COOKIE] || undefined;
}

/** Not readable by scripts, not sent with other sites' requests that change something, over HTTPS only where there is HTTPS. */
function attributes(request: FastifyRequest, expires: Date) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: request.protocol === 'https', expires } as const;
}

export function setSessionCookie(reply: FastifyReply, token: string, expiresAt: string): void {
  reply.header(
    'set-cookie',
    fastifyCookie.serialize(SESSION_COOKIE, token, attributes(reply.request, new Date(expiresAt))),
  );
}

export function clearSessionCookie(reply: FastifyReply): void {
  reply.header('set-cookie', fastifyCookie.serialize(SESSION_COOKIE, '', attributes(reply.request, new Date(0))));
}
