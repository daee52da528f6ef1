import type { OperationId, Role, Scope } from '@millrace/contract';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import document from '../../../contract/generated/openapi.json' with { type: 'json' };
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';
import { EXPECTED, type Expected, type Request } from './authorization-table.ts';

const METRICS_TOKEN = 'token-of-the-metrics';
const ROLES: readonly Role[] = ['investor', 'trader', 'operator', 'service'];

interface Declared {
  operationId: OperationId;
  security: Record<string, string[]>[];
  'x-millrace-scope'?: Scope | null;
  'x-millrace-roles'?: Role[];
  'x-millrace-session-only'?: boolean;
}

interface Listed extends Declared {
  method: string;
  path: string;
}

const operations: Listed[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, declared]) => ({
    ...(declared as unknown as Declared),
    method: method.toUpperCase(),
    path,
  })),
);

let rest: TestRest;
let base: string;
let owner: TestUser;
const people = new Map<Role, TestUser>();

beforeAll(async () => {
  rest = await startTestRest({ rest: { metricsToken: METRICS_TOKEN } });
  await rest.app.listen({ port: 0, host: '127.0.0.1' });
  base = `http://127.0.0.1:${(rest.app.server.address() as AddressInfo).port}`;
  owner = await rest.person('investor');
  for (const role of ROLES) people.set(role, await rest.person(role));
});
afterAll(() => rest?.stop());

/** The status of a real request; a stream is left at its head. */
async function statusOf(
  operation: Listed,
  token: string | undefined,
  request: Request = {},
  headers: Record<string, string> = {},
): Promise<number> {
  const response = await fetch(`${base}${operation.path.replace('{id}', request.id ?? '')}`, {
    method: operation.method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(request.body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(request.body && { body: JSON.stringify(request.body) }),
  });
  await response.body?.cancel();
  return response.status;
}

const requestOf = async (expected: Expected, by: TestUser): Promise<Request> =>
  (await expected.request?.(rest, by)) ?? {};

/** A key of a user who may call, with every scope but the one that is needed. */
async function keyWithout(scope: Scope | null, role: Role): Promise<{ token: string; user: TestUser } | undefined> {
  const user = await rest.person(role);
  const caller = await rest.core.identity.authenticate(user.token);
  if (!caller) return undefined;
  const scopes = [...caller.scopes].filter((one) => one !== scope);
  const key = await rest.core.identity.createKey(caller, { name: 'without', scopes });
  return key.ok ? { token: key.value.key, user } : undefined;
}

it('lists every operation of the document, and no other', () => {
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(EXPECTED).sort());
});

describe.each(operations.map((operation) => [operation.operationId, operation] as const))(
  '%s',
  (operationId, operation) => {
    const expected = EXPECTED[operationId] as Expected | undefined;
    if (!expected)
      return it('is in the table', () => expect.unreachable(`${operationId} is not in the table of expected access`));
    const { access, success } = expected;

    it('is declared as it is meant', () => {
      const { security } = operation;
      if (access === 'public') expect(security).toEqual([]);
      else if (access === 'metrics') expect(security).toEqual([{ metricsToken: [] }, {}]);
      else {
        expect(operation).toMatchObject({ 'x-millrace-scope': access.scope, 'x-millrace-roles': access.roles });
        expect(operation['x-millrace-session-only']).toBe(access.sessionOnly === true);
      }
    });

    it('answers nobody in particular', async () => {
      const isOpen = access === 'public';
      const request = isOpen ? await requestOf(expected, owner) : {};
      expect(await statusOf(operation, undefined, { id: formatId('order', uuidv7()), ...request })).toBe(
        isOpen ? success : 401,
      );
    });

    if (access === 'public') return;

    if (access === 'metrics') {
      it('answers the metrics token, and no session', async () => {
        expect(await statusOf(operation, METRICS_TOKEN)).toBe(success);
        expect(await statusOf(operation, people.get('operator')?.token)).toBe(401);
      });
      return;
    }

    it('refuses a token that is nobody’s', async () => {
      expect(await statusOf(operation, `mrs_${'x'.repeat(43)}`, { id: 'x' })).toBe(401);
    });

    it.each(ROLES)('answers the role %s', async (role) => {
      // Logging out ends the session, so it is one of its own.
      const user = operationId === 'logOut' ? await rest.person(role) : (people.get(role) as TestUser);
      const mayCall = access.roles.includes(role) && !(access.sessionOnly && role === 'service');
      const request = await requestOf(expected, mayCall ? user : owner);
      expect(await statusOf(operation, user.token, request)).toBe(mayCall ? success : 403);
    });

    it('answers a key only with its scope', async () => {
      const key = await keyWithout(access.scope, access.roles[0] as Role);
      if (!key) return expect.unreachable('no key was made');
      const allowed = access.scope === null && !access.sessionOnly;
      const request = allowed ? await requestOf(expected, key.user) : await requestOf(expected, owner);
      expect(await statusOf(operation, key.token, request)).toBe(allowed ? success : 403);
    });

    it('does not let a service act for a stranger', async () => {
      const headers = { 'millrace-act-as': owner.id };
      expect(await statusOf(operation, people.get('service')?.token, await requestOf(expected, owner), headers)).toBe(
        403,
      );
    });

    it('does not show or change what belongs to somebody else', async () => {
      const { others } = expected;
      // What has no object is about the caller alone.
      if (!others) return expect(operation.path).not.toContain('{');
      for (const role of ['investor', 'operator'] as const) {
        const request = await requestOf(expected, owner);
        expect(await statusOf(operation, people.get(role)?.token, request)).toBe(
          role === 'operator' ? others.operator : others.people,
        );
      }
    });
  },
);
