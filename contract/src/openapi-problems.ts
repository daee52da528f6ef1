import { type ErrorCode, ERRORS } from './errors.ts';
import type { JsonDocumentObject } from './openapi-schemas.ts';
import type { Operation } from './operations/operation.ts';

const BODY_CODES = ['invalid_json', 'request_timeout', 'payload_too_large', 'unsupported_media_type'] as const;

/** Every code that an operation may answer with: its own, and those that follow from how it is declared. */
export function errorCodesOf(operation: Operation): ErrorCode[] {
  const codes = new Set<ErrorCode>([
    'invalid_request',
    'headers_too_large',
    'internal_error',
    'shutting_down',
    'not_ready',
  ]);
  const { access, method } = operation;
  if (access === 'metrics' || access === 'signature') codes.add('unauthenticated');
  if (typeof access === 'object') {
    for (const code of ['unauthenticated', 'forbidden', 'rate_limited'] as const) codes.add(code);
    codes.add('session_changed');
    if (method !== 'GET') codes.add('origin_refused');
  }
  if (operation.params) codes.add('not_found');
  if (method !== 'GET') for (const code of BODY_CODES) codes.add(code);
  if (operation.headers?.includes('Idempotency-Key')) codes.add('overloaded');
  for (const code of operation.errors ?? []) codes.add(code);
  return (Object.keys(ERRORS) as ErrorCode[]).filter((code) => codes.has(code));
}

/** One response per status, naming its codes. */
export function problemResponses(operation: Operation): JsonDocumentObject {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of errorCodesOf(operation))
    byStatus.set(ERRORS[code].http, [...(byStatus.get(ERRORS[code].http) ?? []), code]);
  const responses: JsonDocumentObject = {};
  for (const [status, codes] of [...byStatus].sort(([a], [b]) => a - b)) {
    const headers = ['X-Request-Id', ...(status === 429 || status === 503 ? ['Retry-After'] : [])];
    responses[status] = {
      description: codes.map((code) => `\`${code}\`: ${ERRORS[code].meaning}`).join('\n\n'),
      headers: Object.fromEntries(headers.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      'x-millrace-codes': codes,
    };
  }
  return responses;
}
