import type { Scope } from '@millrace/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../src/core/caller.ts';
import {
  type Bench,
  ADDRESS,
  NAME,
  newEmail,
  newPerson,
  newUser,
  openBench,
  PASSWORD,
  problemOf,
  valueOf,
} from './identity-support.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const idOf = (publicId: string): string => publicId.slice(publicId.indexOf('_') + 1);

describe('a service', () => {
  it('acts for users that it registered, and for no other', async () => {
    const identity = bench.identity();
    const [service, rival] = [await newUser(identity, 'service'), await newUser(identity, 'service')];
    const stranger = await newPerson(identity);
    const { user } = valueOf(
      await identity.register(
        { email: newEmail(), password: PASSWORD, name: NAME },
        { address: ADDRESS, by: { caller: service.caller, isSession: false } },
      ),
    );
    const userId = idOf(user.id);
    expect(await identity.actAs(service.caller, userId)).toEqual({ ...service.caller, actingFor: userId });
    expect((await identity.me((await identity.actAs(service.caller, userId)) as Caller))?.id).toBe(user.id);
    expect(await identity.actAs(rival.caller, userId)).toBeUndefined();
    const acting = (await identity.actAs(service.caller, userId)) as Caller;
    expect(await identity.actAs(acting, userId)).toEqual(acting);
    expect(await identity.actAs(acting, service.caller.userId)).toBeUndefined();
    expect(await identity.actAs(service.caller, stranger.caller.userId)).toBeUndefined();
    expect(await identity.actAs(service.caller, rival.userId)).toBeUndefined();
    expect(await identity.actAs(service.caller, 'no uuid')).toBeUndefined();
    expect(await identity.actAs(service.caller, '00000000-0000-7000-8000-000000000000')).toBeUndefined();
    expect(await identity.actAs(service.caller, service.userId)).toEqual(service.caller);
  });

  it('acts for nobody without the scope, and for a disabled user no longer', async () => {
    const identity = bench.identity();
    const service = await newUser(identity, 'service');
    const { user } = valueOf(
      await identity.createUser({
        email: newEmail(),
        name: NAME,
        role: 'trader',
        password: null,
        createdBy: service.userId,
      }),
    );
    const weak = valueOf(
      await identity.createServiceKey({ userId: service.userId, name: 'weak', scopes: ['orders:write'] }),
    );
    expect(await identity.actAs((await identity.authenticate(weak.key)) as Caller, idOf(user.id))).toBeUndefined();
    expect(await identity.actAs(service.caller, idOf(user.id))).toBeDefined();
    await identity.disableUser(idOf(user.id));
    expect(await identity.actAs(service.caller, idOf(user.id))).toBeUndefined();
  });

  it('registers nobody without the scope', async () => {
    const identity = bench.identity();
    const service = await newUser(identity, 'service');
    const caller: Caller = { ...service.caller, scopes: new Set<Scope>(['orders:write']) };
    const result = await identity.register(
      { email: newEmail(), password: PASSWORD, name: NAME },
      { address: ADDRESS, by: { caller, isSession: false } },
    );
    expect(problemOf(result).code).toBe('forbidden');
  });

  it('makes no keys for the users that it acts for', async () => {
    const identity = bench.identity();
    const service = await newUser(identity, 'service');
    const { user } = valueOf(
      await identity.createUser({ email: newEmail(), name: NAME, role: 'investor', createdBy: service.userId }),
    );
    const acting = (await identity.actAs(service.caller, idOf(user.id))) as Caller;
    expect(problemOf(await identity.createKey(acting, { name: 'k', scopes: ['orders:read'] })).code).toBe('forbidden');
  });

  it('has keys, with a service’s scopes at most, and no password', async () => {
    const identity = bench.identity();
    const { userId } = await newUser(identity, 'service');
    expect(problemOf(await identity.createServiceKey({ userId, name: 'k', scopes: ['operate'] })).code).toBe(
      'forbidden',
    );
    const person = await newPerson(identity);
    expect(problemOf(await identity.createServiceKey({ userId: person.caller.userId, name: 'k' })).code).toBe(
      'not_found',
    );
    expect(problemOf(await identity.createServiceKey({ userId: 'no uuid', name: 'k' })).code).toBe('not_found');
    const withPassword = await identity.createUser({
      email: newEmail(),
      name: NAME,
      role: 'service',
      password: PASSWORD,
    });
    expect(problemOf(withPassword).code).toBe('invalid_request');
  });
});

it('lets no operator act for a user, no matter who registered them', async () => {
  const identity = bench.identity();
  const { caller } = await newUser(identity, 'operator');
  const { user } = valueOf(
    await identity.register(
      { email: newEmail(), password: PASSWORD, name: NAME },
      { address: ADDRESS, by: { caller, isSession: true } },
    ),
  );
  const strong: Caller = { ...caller, scopes: new Set<Scope>(['users:write', 'orders:write']) };
  expect(await identity.actAs(caller, idOf(user.id))).toBeUndefined();
  expect(await identity.actAs(strong, idOf(user.id))).toBeUndefined();
});

describe('a role', () => {
  it('is given by operators, and service by nobody', async () => {
    const identity = bench.identity();
    const [operator, service, person] = [
      await newUser(identity, 'operator'),
      await newUser(identity, 'service'),
      await newPerson(identity),
    ];
    const register = (role: 'trader' | 'operator' | 'service' | undefined, caller?: Caller, isSession = true) => {
      const by = caller && { caller, isSession };
      return identity.register({ email: newEmail(), password: PASSWORD, name: NAME }, { address: ADDRESS, by, role });
    };
    expect(valueOf(await register('trader', operator.caller)).user.role).toBe('trader');
    expect(valueOf(await register('operator', operator.caller)).user.role).toBe('operator');
    expect(valueOf(await register(undefined, operator.caller)).user.role).toBe('investor');
    expect(valueOf(await register(undefined, person.caller)).user.role).toBe('investor');
    for (const [role, caller] of [
      ['service', operator.caller],
      ['trader', person.caller],
      ['trader', service.caller],
    ] as const) {
      expect(problemOf(await register(role, caller)).code).toBe('forbidden');
    }
    expect(problemOf(await register('operator')).code).toBe('unauthenticated');
    const weak: Caller = { ...operator.caller, scopes: new Set<Scope>(['orders:read']) };
    expect(problemOf(await register('operator', weak)).code).toBe('forbidden');
    for (const role of ['operator', 'trader'] as const)
      expect(problemOf(await register(role, operator.caller, false)).code).toBe('forbidden');
    expect(valueOf(await register(undefined, operator.caller, false)).user.role).toBe('investor');
  });

  it('of a user from the command line is any, with a password that is made up where none is given', async () => {
    const identity = bench.identity();
    for (const role of ['investor', 'trader', 'operator'] as const) {
      const email = newEmail();
      const { user, password } = valueOf(await identity.createUser({ email, name: NAME, role }));
      expect(password).toHaveLength(20);
      expect(valueOf(await identity.login({ email, password: password as string }, { address: ADDRESS })).user).toEqual(
        user,
      );
      expect(problemOf(await identity.createUser({ email, name: NAME, role })).code).toBe('registration_refused');
    }
  });

  it('of a user from the command line comes with the welcome of a registration only where that is asked for', async () => {
    const welcomed: string[] = [];
    const identity = bench.identity({ hooks: { onRegistered: async (_, userId) => void welcomed.push(userId) } });
    await identity.createUser({ email: newEmail(), name: NAME, role: 'investor' });
    const { user } = valueOf(
      await identity.createUser({ email: newEmail(), name: NAME, role: 'investor', welcome: true }),
    );
    expect(welcomed).toEqual([idOf(user.id)]);
  });
});
