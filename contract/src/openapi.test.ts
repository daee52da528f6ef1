import { Validator } from '@seriousme/openapi-schema-validator';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERRORS } from './errors.ts';
import { KINDS } from './desks/index.ts';
import { openApiDocument } from './openapi.ts';
import { errorCodesOf } from './openapi-problems.ts';
import { OPERATIONS } from './operations/index.ts';
import { ORDER_KINDS } from './schemas/orders.ts';

interface Method {
  operationId: string;
  responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
  security: unknown[];
  'x-millrace-scope'?: string | null;
  'x-millrace-roles'?: string[];
}
interface Document {
  paths: Record<string, Record<string, Method>>;
  components: { schemas: Record<string, Record<string, unknown>>; headers: object; securitySchemes: object };
}

const document = openApiDocument() as unknown as Document;
const methods = Object.values(document.paths).flatMap((path) => Object.values(path));

/** Every `$ref` in a part of the document. */
function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => (key === '$ref' ? [String(member)] : referencesIn(member)));
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const verdict = await new Validator().validate(structuredClone(document) as never);
    expect(verdict.errors).toBeUndefined();
    expect(verdict.valid).toBe(true);
  });

  it('is what the committed file says', async () => {
    const file = await readFile(join(import.meta.dirname, '..', 'generated', 'openapi.json'), 'utf8');
    expect(JSON.parse(file)).toEqual(document);
  });

  it('has every operation once', () => {
    expect(methods.map(({ operationId }) => operationId).sort()).toEqual(
      OPERATIONS.map(({ operationId }) => operationId).sort(),
    );
    expect(new Set(OPERATIONS.map(({ method, path }) => `${method} ${path}`)).size).toBe(OPERATIONS.length);
  });

  it('refers to nothing that is not there', () => {
    const pointers = referencesIn(document).map((ref) => ref.split('/').slice(1));
    expect(pointers.length).toBeGreaterThan(100);
    const targetOf = (path: string[]): unknown =>
      path.reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], document);
    expect(pointers.filter((path) => targetOf(path) === undefined)).toEqual([]);
  });

  it('has an order’s kinds, told apart by `kind`', () => {
    const request = document.components.schemas['OrderRequest'] as {
      oneOf: { $ref: string }[];
      discriminator: { mapping: Record<string, string> };
    };
    expect(Object.keys(request.discriminator.mapping)).toEqual(ORDER_KINDS);
    expect(request.oneOf.map(({ $ref }) => $ref)).toEqual(Object.values(request.discriminator.mapping));
    for (const kind of ORDER_KINDS) expect(KINDS[kind].visible).toBe(true);
    expect(ORDER_KINDS).not.toContain('create_loan');
  });

  it('says of every operation who may call it', () => {
    for (const { access, operationId } of OPERATIONS) {
      const method = methods.find((candidate) => candidate.operationId === operationId) as Method;
      if (access === 'public') expect(method.security).toEqual([]);
      else if (access === 'signature') expect(method.security).toEqual([{ signature: [] }]);
      else if (access !== 'metrics') {
        expect(method['x-millrace-scope']).toBe(access.scope);
        expect(method['x-millrace-roles']).toEqual(access.roles);
      }
    }
  });

  it('has a problem for the status of every code that an operation may answer with', () => {
    for (const operation of OPERATIONS) {
      const method = methods.find(({ operationId }) => operationId === operation.operationId) as Method;
      for (const code of errorCodesOf(operation)) {
        const { http } = ERRORS[code];
        // Readiness answers 503 with its checks.
        if (operation.responses[http]) continue;
        expect(method.responses[http]?.content).toHaveProperty(['application/problem+json']);
      }
    }
  });
});
