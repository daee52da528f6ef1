import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Submission } from '../../intake/intake.ts';
import { requestError } from './problems.ts';

export type Idempotency = NonNullable<Submission['idempotency']>;

const KEY = /^[!-~]{1,255}$/;

/**
 * The request's `Idempotency-Key`, with the operation that it belongs to and a hash over method, path and body: the
 * same key with another request is told from a repetition. undefined where none is sent.
 */
export function idempotencyOf(request: FastifyRequest, operation: string): Idempotency | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !KEY.test(key)) {
    const detail = 'must be 1 to 255 visible ASCII characters';
    throw requestError('invalid_request', 'The Idempotency-Key is not valid.', {
      errors: [{ pointer: '', detail: `Idempotency-Key ${detail}` }],
    });
  }
  return { operation, key, fingerprint: hash('sha256', `${request.method} ${request.url}\n${request.rawBody}`, 'hex') };
}
