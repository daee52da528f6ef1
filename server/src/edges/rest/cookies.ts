import type { FastifyReply } from 'fastify';

/** The session of a browser. Its value is a token, of characters that need no encoding. */
const SESSION_COOKIE = 'millrace_session';

const PATTERN = new RegExp(`(?:^|;) *${SESSION_COOKIE}=([A-Za-z0-9_-]+)`);

/** The session's token that a request carries; undefined where there is none. */
export function sessionCookieOf(request: { headers: { cookie?: string | undefined } }): string | undefined {
  const { cookie } = request.headers;
  return cookie === undefined ? undefined : PATTERN.exec(cookie)?.[1];
}

/** Not readable by scripts, not sent with other sites' requests that change something, over HTTPS only where there is HTTPS. */
function write(reply: FastifyReply, token: string, expires: Date): void {
  const secure = reply.request.protocol === 'https' ? '; Secure' : '';
  reply.header(
    'set-cookie',
    `${SESSION_COOKIE}=${token}; Path=/; Expires=${expires.toUTCString()}; HttpOnly; SameSite=Lax${secure}`,
  );
}

export function setSessionCookie(reply: FastifyReply, token: string, expiresAt: string): void {
  write(reply, token, new Date(expiresAt));
}

export function clearSessionCookie(reply: FastifyReply): void {
  write(reply, '', new Date(0));
}
