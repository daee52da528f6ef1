import { parseJson } from '@millrace/contract/strict-json';
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { requestError } from './problems.ts';

type Done = (error: Error | null, body?: unknown) => void;

/**
 * JSON is the only body that is read, strictly (`parseJson`), as bytes that must be UTF-8: decoding would replace what
 * is not, and the order would carry another text than the one that was sent. The text stays on the request, for the
 * fingerprint of an idempotent one and the signature of a report.
 */
export function readJsonBodies(app: FastifyInstance): void {
  app.decorateRequest('rawBody', '');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request: FastifyRequest, body: Buffer, done: Done) => {
      if (body.length === 0) return done(null, undefined);
      if (!isUtf8(body)) return done(requestError('invalid_json', 'The body is not UTF-8.'));
      const text = body.toString('utf8');
      const parsed = parseJson(text);
      if (!parsed.ok) return done(requestError('invalid_json', parsed.detail));
      request.rawBody = text;
      done(null, parsed.value);
    },
  );
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it came; empty where there is none. */
    rawBody: string;
  }
}
