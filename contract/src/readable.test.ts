import type Type from 'typebox';
import { expect, it } from 'vitest';
import { KINDS } from './desks/index.ts';
import { OPERATIONS } from './operations/index.ts';
import { READABLE } from './schemas/common.ts';

/** Free text that is not for others to read: what is compared, what is secret, and what the system itself writes. */
const NOT_READ = new Set(['email', 'password', 'new_password', 'current_password', 'token', 'kind', 'reason']);

function freeTexts(schema: Type.TSchema | undefined): string[] {
  const { properties, oneOf } = (schema ?? {}) as { properties?: Record<string, object>; oneOf?: Type.TSchema[] };
  const own = Object.entries(properties ?? {}).flatMap(([name, property]) => {
    const isFree = 'type' in property && property.type === 'string' && !('pattern' in property || 'enum' in property);
    return isFree && !('format' in property || 'const' in property || READABLE in property) ? [name] : [];
  });
  return [...own, ...(oneOf ?? []).flatMap(freeTexts)].filter((name) => !NOT_READ.has(name));
}

it('every text that one user sends and others read is declared so, and thereby cleaned', () => {
  const ofOperations = OPERATIONS.flatMap(({ operationId, body }) =>
    freeTexts(body).map((name) => `${operationId}.${name}`),
  );
  const ofKinds = Object.entries(KINDS).flatMap(([kind, { params }]) =>
    freeTexts(params).map((name) => `${kind}.${name}`),
  );
  expect([...ofOperations, ...ofKinds]).toEqual([]);
});
