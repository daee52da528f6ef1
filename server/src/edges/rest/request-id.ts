import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { REQUEST_ID_LENGTH_MAX } from './limits.ts';

const SAFE = /^[A-Za-z0-9._:-]+$/;

// Unique among processes by its random part, within one by the count: a UUID for each request would cost 1 µs more.
const PROCESS = randomBytes(9).toString('base64url');
let count = 0;

export function newRequestId(): string {
  count += 1;
  return `req_${PROCESS}-${count.toString(36)}`;
}

/** The caller's `X-Request-Id` where it is short and plain; else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  if (typeof given === 'string' && given.length <= REQUEST_ID_LENGTH_MAX && SAFE.test(given)) return given;
  return newRequestId();
}
