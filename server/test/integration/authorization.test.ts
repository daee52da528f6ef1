import type { OperationId, Role, Scope } from '@millrace/contract';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import document from '../../../contract/generated/openapi.json' with { type: 'json' };
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';
import { EXPECTED, type Expected, pathOf, type Request } from './authorization-table.ts';

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
  const path = pathOf(operation, request);
  const query = request.query === undefined ? '' : `?${request.query}`;
  const response = await fetch(`${base}${path}${query}`, {
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
async function keyWithout(scope: Scope | null, role: Role): Promise<{ token: string; user: TestUser }> {
  const user = await rest.person(role);
  const caller = await rest.core.identity.authenticate(user.token);
  const scopes = [...(caller?.scopes ?? [])].filter((one) => one !== scope);
  const key = caller && (await rest.core.identity.createKey(caller, { name: 'without', scopes }));
  if (!key?.ok) throw new Error('no key was made');
  return { token: key.value.key, user };
}

/** The operations whose access is meant to be of one sort, with what is expected of them. */
function operationsOf<Sort extends 'public' | 'metrics' | 'signature' | 'guarded'>(sort: Sort) {
  type Access = Sort extends 'guarded' ? Exclude<Expected['access'], string> : Sort;
  return operations.flatMap((operation) => {
    const expected = EXPECTED[operation.operationId] as Expected | undefined;
    const sortOf = typeof expected?.access === 'string' ? expected.access : 'guarded';
    if (!expected || sortOf !== sort) return [];
    return [[operation.operationId, operation, expected as Expected & { access: Access }] as const];
  });
}

it('lists every operation of the document, and no other', () => {
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(EXPECTED).sort());
});

describe.each(operationsOf('public'))('%s', (_id, operation, expected) => {
  it('is declared as it is meant', () => {
    expect(operation.security).toEqual([]);
  });

  it('answers everybody', async () => {
    expect(await statusOf(operation, undefined, await requestOf(expected, owner))).toBe(expected.success);
  });
});

describe.each(operationsOf('metrics'))('%s', (_id, operation, { success }) => {
  it('is declared as it is meant', () => {
    expect(operation.security).toEqual([{ metricsToken: [] }, {}]);
  });

  it('answers the metrics token, and no session', async () => {
    expect(await statusOf(operation, METRICS_TOKEN)).toBe(success);
    expect(await statusOf(operation, undefined)).toBe(401);
    expect(await statusOf(operation, people.get('operator')?.token)).toBe(401);
  });
});

describe.each(operationsOf('signature'))('%s', (_id, operation, expected) => {
  it('is declared as it is meant', () => {
    expect(operation.security).toEqual([{ signature: [] }]);
  });

  it('answers no session and no key, of no role', async () => {
    const request = await requestOf(expected, owner);
    const timely = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(Math.floor(Date.now() / 1000)) };
    for (const token of [undefined, ...[...people.values()].map((person) => person.token)]) {
      expect(await statusOf(operation, token, request)).toBe(401);
      expect(await statusOf(operation, token, request, timely)).toBe(401);
    }
  });
});

describe.each(operationsOf('guarded'))('%s', (operationId, operation, expected) => {
  const { access, success, others } = expected;
  const isForKeys = access.sessionOnly !== true;

  it('is declared as it is meant', () => {
    expect(operation).toMatchObject({
      'x-millrace-scope': access.scope,
      'x-millrace-roles': access.roles,
      'x-millrace-session-only': !isForKeys,
    });
  });

  it('refuses who shows nothing, or a token that is nobody’s', async () => {
    const request = { id: formatId('order', uuidv7()) };
    expect(await statusOf(operation, undefined, request)).toBe(401);
    expect(await statusOf(operation, `mrs_${'x'.repeat(43)}`, request)).toBe(401);
  });

  it.each(ROLES)('answers the role %s', async (role) => {
    // Logging out ends the session, so it is one of its own.
    const user =
      operationId === 'logOut' || operationId === 'endSessions'
        ? await rest.person(role)
        : (people.get(role) as TestUser);
    const mayCall = access.roles.includes(role) && (isForKeys || role !== 'service');
    const request = await requestOf(expected, mayCall ? user : owner);
    expect(await statusOf(operation, user.token, request)).toBe(mayCall ? success : 403);
  });

  it('answers a key only with its scope', async () => {
    const { token, user } = await keyWithout(access.scope, access.roles[0] as Role);
    const mayCall = access.scope === null && isForKeys;
    expect(await statusOf(operation, token, await requestOf(expected, mayCall ? user : owner))).toBe(
      mayCall ? success : 403,
    );
  });

  it('does not let a service act for a stranger', async () => {
    const headers = { 'millrace-act-as': owner.id };
    expect(await statusOf(operation, people.get('service')?.token, await requestOf(expected, owner), headers)).toBe(
      403,
    );
  });

  it('is about the caller alone where nobody else’s object is in the table', () => {
    expect(operation.path.includes('{')).toBe(others !== undefined);
  });
});

describe('an object of another user', () => {
  it.each(operationsOf('guarded').filter(([, , { others }]) => others))(
    'is neither shown nor changed by %s',
    async (_id, operation, expected) => {
      const ask = async (role: Role) => statusOf(operation, people.get(role)?.token, await requestOf(expected, owner));
      expect({ people: await ask('investor'), operator: await ask('operator') }).toEqual(expected.others);
    },
  );

  // Who may write loans may close anybody's: that right is another than to see all.
  it.each(
    operationsOf('guarded').filter(
      ([, , { access, others }]) => others && access.sessionOnly !== true && access.scope !== 'loans:write',
    ),
  )('is shown to a key without the scope operate as to people by %s', async (_id, operation, expected) => {
    const { token } = await keyWithout('operate', 'operator');
    expect(await statusOf(operation, token, await requestOf(expected, owner))).toBe(expected.others?.people);
  });

  it('is in no list of a key without the scope operate', async () => {
    const { token } = await keyWithout('operate', 'operator');
    const request = await requestOf(EXPECTED.getLoan, owner);
    const ask = async (as: string | undefined, url: string) => (await rest.call('GET', url, { as })).json();
    const whole = people.get('operator')?.token;
    expect((await ask(whole, '/v1/events')).data).not.toEqual([]);
    expect((await ask(token, '/v1/events')).data).toEqual([]);
    expect((await ask(whole, `/v1/loans/${request.id}`)).borrower_id).toBe(owner.id);
    expect((await ask(token, `/v1/loans/${request.id}`)).borrower_id).toBeNull();
  });
});
