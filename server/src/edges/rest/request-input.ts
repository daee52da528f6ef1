import type { ErrorCode, Operation } from '@millrace/contract';
import { parseJson } from '@millrace/contract/strict-json';
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { fieldFaults } from '../../core/faults.ts';
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

/** What fastify calls: true, a value that replaces the one from outside, or an error. */
export type Check = (value: unknown) => true | { value: unknown } | { error: Error };

export type Part = 'params' | 'querystring' | 'body';

const EMPTY = Type.Object({}, { additionalProperties: false });

/** What each part of a request must look like. Where the operation says nothing, nothing is allowed. */
export function schemasOf(operation: Operation): Partial<Record<Part, Type.TSchema>> {
  const { params, query = EMPTY, method } = operation;
  return {
    querystring: query,
    ...(params && { params }),
    ...(method !== 'GET' && { body: operation.bodyShape ?? operation.body ?? EMPTY }),
  };
}

/** The checks of an operation's parts, compiled once. */
export function checksOf(
  operation: Operation,
  schemas: Partial<Record<Part, Type.TSchema>>,
): Partial<Record<Part, Check>> {
  const { params, querystring, body } = schemas;
  return {
    ...(params && { params: refusing(params, 'not_found', 'There is no such thing.') }),
    ...(querystring && { querystring: queryCheck(querystring as Type.TObject) }),
    ...(body && { body: bodyCheck(body, operation.body !== undefined) }),
  };
}

function refusing(schema: Type.TSchema, code: ErrorCode, detail: string): Check {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return true;
    // Which part of a path is wrong says nothing that the path does not.
    return {
      error: requestError(code, detail, code === 'not_found' ? {} : { errors: fieldFaults(validator.Errors(value)) }),
    };
  };
}

function bodyCheck(schema: Type.TSchema, isRequired: boolean): Check {
  const check = refusing(
    schema,
    'invalid_request',
    isRequired ? 'The body is not valid.' : 'This operation takes no body.',
  );
  return (value) => {
    if (value !== null && value !== undefined) return check(value);
    // What takes no body takes an empty object too: many clients send one with every POST.
    if (!isRequired) return true;
    return {
      error: requestError('invalid_request', 'The body is missing.', {
        errors: [{ pointer: '', detail: 'is required' }],
      }),
    };
  };
}

const INTEGER = /^-?\d{1,15}$/;

/** Query parameters are texts: those that the schema wants as numbers or booleans become that, and defaults are filled in. */
function queryCheck(schema: Type.TObject): Check {
  const check = refusing(schema, 'invalid_request', 'The query is not valid.');
  const properties = Object.entries(schema.properties as Record<string, { type?: string; default?: unknown }>);
  if (properties.length === 0) return check;
  return (given) => {
    const query: Record<string, unknown> = { ...(given as Record<string, unknown>) };
    for (const [name, property] of properties) {
      if (query[name] === undefined) {
        if (property.default !== undefined) query[name] = property.default;
      } else query[name] = converted(query[name], property.type);
    }
    const verdict = check(query);
    return verdict === true ? { value: query } : verdict;
  };
}

function converted(value: unknown, type: string | undefined): unknown {
  if (type === 'integer' && typeof value === 'string' && INTEGER.test(value)) return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}
