import { hash, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Submission } from '../../intake/intake.ts';
import { REQUEST_ID_LENGTH_MAX, WAIT_SECONDS_MAX } from './limits.ts';
import { requestError } from './problems.ts';

const SAFE_REQUEST_ID = /^[A-Za-z0-9._:-]+$/;

// Unique among processes by its random part, within one by the count: a UUID for each request would cost 1 µs more.
const PROCESS = randomBytes(9).toString('base64url');
let requests = 0;

export function newRequestId(): string {
  requests += 1;
  return `req_${PROCESS}-${requests.toString(36)}`;
}

/** The caller's `X-Request-Id` where it is short and plain; else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  if (typeof given === 'string' && given.length <= REQUEST_ID_LENGTH_MAX && SAFE_REQUEST_ID.test(given)) return given;
  return newRequestId();
}

export interface Preferences {
  respondAsync: boolean;
  waitSeconds: number | undefined;
}

const NO_PREFERENCES: Preferences = { respondAsync: false, waitSeconds: undefined };
const WAIT = /^wait *= *"?(\d{1,9})"?$/;

/** `Prefer` (RFC 7240): `respond-async`, `wait=N`. What is not known is ignored, as the RFC asks. */
export function preferencesOf(header: string | string[] | undefined): Preferences {
  if (header === undefined) return NO_PREFERENCES;
  const preferences = { ...NO_PREFERENCES };
  for (const part of String(header).split(',')) {
    const text = (part.split(';', 1)[0] as string).trim().toLowerCase();
    if (text === 'respond-async') preferences.respondAsync = true;
    const wait = WAIT.exec(text)?.[1];
    // The first of several counts.
    if (wait !== undefined) preferences.waitSeconds ??= Math.min(Number(wait), WAIT_SECONDS_MAX);
  }
  return preferences;
}

export type Idempotency = NonNullable<Submission['idempotency']>;

const IDEMPOTENCY_KEY = /^[!-~]{1,255}$/;

/**
 * The request's `Idempotency-Key`, with the operation that it belongs to and a hash over method, path and body: the
 * same key with another request is told from a repetition. undefined where none is sent.
 */
export function idempotencyOf(request: FastifyRequest, operation: string): Idempotency | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key)) {
    const detail = 'must be 1 to 255 visible ASCII characters';
    throw requestError('invalid_request', 'The Idempotency-Key is not valid.', {
      errors: [{ pointer: '', detail: `Idempotency-Key ${detail}` }],
    });
  }
  return { operation, key, fingerprint: hash('sha256', `${request.method} ${request.url}\n${request.rawBody}`, 'hex') };
}

/** The session of a browser. Its value is a token, of characters that need no encoding. */
const SESSION_COOKIE = 'millrace_session';

const SESSION_COOKIE_PATTERN = new RegExp(`(?:^|;) *${SESSION_COOKIE}=([A-Za-z0-9_-]+)`);

/** The session's token that a request carries; undefined where there is none. */
export function sessionCookieOf(request: { headers: { cookie?: string | undefined } }): string | undefined {
  const { cookie } = request.headers;
  return cookie === undefined ? undefined : SESSION_COOKIE_PATTERN.exec(cookie)?.[1];
}

/** Not readable by scripts, not sent with other sites' requests that change something, over HTTPS only where there is HTTPS. */
function writeSessionCookie(reply: FastifyReply, token: string, expires: Date): void {
  const secure = reply.request.protocol === 'https' ? '; Secure' : '';
  reply.header(
    'set-cookie',
    `${SESSION_COOKIE}=${token}; Path=/; Expires=${expires.toUTCString()}; HttpOnly; SameSite=Lax${secure}`,
  );
}

export function setSessionCookie(reply: FastifyReply, token: string, expiresAt: string): void {
  writeSessionCookie(reply, token, new Date(expiresAt));
}

export function clearSessionCookie(reply: FastifyReply): void {
  writeSessionCookie(reply, '', new Date(0));
}

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
