import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Identity } from '../../src/intake/identity/index.ts';
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
  quickArgon2,
} from './identity-support.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const MINUTE = 60_000;
const address = (i: number): string => `198.51.100.${i}`;
const failAs = (identity: Identity, email: string, from = ADDRESS) =>
  identity.login({ email, password: 'a wrong password' }, { address: from });

describe('ten failed logins within fifteen minutes', () => {
  it('lock an account for the address that they came from, and tell nothing of the password any more', async () => {
    const argon2 = quickArgon2();
    const identity = bench.identity({ argon2 });
    const { email } = await newPerson(identity);
    for (let i = 0; i < 10; i += 1)
      expect(problemOf(await failAs(identity, email, address(1))).code).toBe('invalid_credentials');
    argon2.verifications.length = 0;
    const wrong = problemOf(await failAs(identity, email, address(1)));
    const right = problemOf(
      await identity.login({ email: email.toUpperCase(), password: PASSWORD }, { address: address(1) }),
    );
    expect(wrong).toEqual({
      code: 'rate_limited',
      detail: 'There were too many failed logins.',
      retryAfterSeconds: 15 * 60,
    });
    expect(right).toEqual(wrong);
    expect(argon2.verifications).toHaveLength(0);
  });

  it('of a stranger do not lock out the owner, who comes from elsewhere', async () => {
    const identity = bench.identity();
    const { email } = await newPerson(identity);
    for (let i = 0; i < 11; i += 1) await failAs(identity, email, address(1));
    expect((await identity.login({ email, password: PASSWORD }, { address: address(2) })).ok).toBe(true);
  });

  it('from one customer’s IPv6 network are counted as one address', async () => {
    const identity = bench.identity();
    const { email } = await newPerson(identity);
    for (let i = 0; i < 10; i += 1) await failAs(identity, email, `2001:db8:1:1::${i}`);
    expect(problemOf(await failAs(identity, email, '2001:db8:1:1:ffff::')).code).toBe('rate_limited');
    expect(problemOf(await failAs(identity, email, '2001:db8:1:2::1')).code).toBe('invalid_credentials');
  });

  it('lock an address that no account has just the same', async () => {
    const identity = bench.identity();
    const email = newEmail();
    for (let i = 0; i < 10; i += 1)
      expect(problemOf(await failAs(identity, email, address(1))).code).toBe('invalid_credentials');
    expect(problemOf(await failAs(identity, email, address(1)))).toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: 15 * 60,
    });
  });

  it('are forgotten one by one, and a refused attempt does not prolong the lock', async () => {
    const identity = bench.identity();
    const { email } = await newPerson(identity);
    for (let i = 0; i < 10; i += 1) {
      await failAs(identity, email);
      bench.clock.advance(MINUTE);
    }
    expect(problemOf(await failAs(identity, email)).retryAfterSeconds).toBe(5 * 60);
    bench.clock.advance(5 * MINUTE);
    expect((await identity.login({ email, password: PASSWORD }, { address: ADDRESS })).ok).toBe(true);
  });

  it('are counted for attempts at the same time, too: the right password among them is not told', async () => {
    const identity = bench.identity();
    const { email } = await newPerson(identity);
    const wrong = Array.from({ length: 30 }, () => failAs(identity, email, address(1)));
    const right = identity.login({ email, password: PASSWORD }, { address: address(1) });
    const codes = (await Promise.all(wrong)).map((result) => problemOf(result).code);
    expect(codes.filter((code) => code === 'invalid_credentials')).toHaveLength(10);
    expect(problemOf(await right).code).toBe('rate_limited');
  });

  it('are not counted for logins that succeed, however many at the same time', async () => {
    const identity = bench.identity();
    const { email } = await newPerson(identity);
    const results = await Promise.all(
      Array.from({ length: 40 }, () => identity.login({ email, password: PASSWORD }, { address: ADDRESS })),
    );
    expect(results.every((result) => result.ok)).toBe(true);
  });
});

describe('a hundred failed logins from many addresses', () => {
  const guessFromEverywhere = async (identity: Identity, email: string): Promise<void> => {
    for (let i = 0; i < 100; i += 1)
      expect(problemOf(await failAs(identity, email, address(i))).code).toBe('invalid_credentials');
  };
  const logIn = (identity: Identity, email: string, from: string) =>
    identity.login({ email, password: PASSWORD }, { address: from });

  it('lock the account for addresses that it was never logged in from, and for no other', async () => {
    const identity = bench.identity();
    const { email } = await newPerson(identity);
    expect((await logIn(identity, email, address(200))).ok).toBe(true);
    await guessFromEverywhere(identity, email);
    const { code, retryAfterSeconds } = problemOf(await logIn(identity, email, address(201)));
    expect({ code, retryAfterSeconds }).toEqual({ code: 'rate_limited', retryAfterSeconds: 15 * 60 });
    expect((await logIn(identity, email, address(200))).ok).toBe(true);
    // Where the user was registered.
    expect((await logIn(identity, email, ADDRESS)).ok).toBe(true);
    bench.clock.advance(15 * MINUTE);
    expect((await logIn(identity, email, address(201))).ok).toBe(true);
  });

  it('lock an address that no account has just the same', async () => {
    const identity = bench.identity();
    const email = newEmail();
    await guessFromEverywhere(identity, email);
    expect(problemOf(await failAs(identity, email, address(201))).code).toBe('rate_limited');
  });

  it('leave a known address known after a restart, for ninety days', async () => {
    const { email } = await newPerson(bench.identity());
    const restarted = bench.identity();
    await guessFromEverywhere(restarted, email);
    expect((await logIn(restarted, email, ADDRESS)).ok).toBe(true);
    bench.clock.advance(90 * 24 * 60 * MINUTE);
    await guessFromEverywhere(restarted, email);
    expect(problemOf(await logIn(restarted, email, ADDRESS)).code).toBe('rate_limited');
    await restarted.purgeExpired(1_000);
    const { rows } = await bench.pool.query('select from known_addresses where last_at <= $1', [
      new Date(bench.clock.now() - 90 * 24 * 60 * MINUTE),
    ]);
    expect(rows).toHaveLength(0);
  });

  it('keep the newest twenty addresses of a user', async () => {
    const identity = bench.identity();
    const { email, caller } = await newPerson(identity);
    for (let i = 0; i < 25; i += 1) {
      bench.clock.advance(MINUTE);
      await logIn(identity, email, address(i));
    }
    const { rows } = await bench.pool.query<{ address: string }>(
      'select address from known_addresses where user_id = $1 order by last_at',
      [caller.userId],
    );
    expect(rows.map((row) => row.address)).toEqual(Array.from({ length: 20 }, (_, i) => address(i + 5)));
  });
});

describe('a hundred failed logins from one address', () => {
  it('lock it for every account, and no other address', async () => {
    const identity = bench.identity();
    const { email } = await newPerson(identity);
    for (let i = 0; i < 100; i += 1)
      expect(problemOf(await failAs(identity, newEmail(), '2001:db8:7:7::1')).code).toBe('invalid_credentials');
    // Another address of the same network, which is the same customer's.
    const login = { email, password: PASSWORD };
    expect(problemOf(await identity.login(login, { address: '2001:db8:7:7:9::2' }))).toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: 15 * 60,
    });
    expect((await identity.login(login, { address: '2001:db8:7:8::1' })).ok).toBe(true);
  });

  it('count what could belong to no account', async () => {
    const identity = bench.identity({ config: { loginFailuresPerAddress: 2 } });
    for (let i = 0; i < 2; i += 1)
      expect(problemOf(await failAs(identity, 'no address', address(40))).code).toBe('invalid_credentials');
    expect(problemOf(await failAs(identity, 'no address', address(40))).code).toBe('rate_limited');
  });
});

describe('registrations from one address', () => {
  const register = (identity: Identity, from: string, email = newEmail()) =>
    identity.register({ email, password: PASSWORD, name: NAME }, { address: from });

  it('are limited in an hour, refused ones included', async () => {
    const argon2 = quickArgon2();
    const identity = bench.identity({ argon2, config: { registrationsPerHour: 3 } });
    const email = newEmail();
    expect((await register(identity, ADDRESS, email)).ok).toBe(true);
    expect(problemOf(await register(identity, ADDRESS, email)).code).toBe('registration_refused');
    bench.clock.advance(20 * MINUTE);
    expect((await register(identity, ADDRESS)).ok).toBe(true);
    expect(problemOf(await register(identity, ADDRESS))).toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: 40 * 60,
    });
    expect(argon2.hashes).toBe(3);
    expect((await register(identity, address(50))).ok).toBe(true);
    bench.clock.advance(40 * MINUTE);
    expect((await register(identity, ADDRESS)).ok).toBe(true);
  });

  it('may be fifty times as many from this machine, whichever of its addresses', async () => {
    const identity = bench.identity({ config: { registrationsPerHour: 1 } });
    for (let i = 0; i < 50; i += 1) expect((await register(identity, i % 2 ? '127.0.0.1' : '::1')).ok).toBe(true);
    expect(problemOf(await register(identity, '127.0.0.2')).code).toBe('rate_limited');
  });

  it('are not limited for services and operators, who say who they are', async () => {
    const identity = bench.identity({ config: { registrationsPerHour: 1 } });
    const service = await newUser(identity, 'service');
    for (let i = 0; i < 5; i += 1) {
      const context = { address: ADDRESS, by: { caller: service.caller, isSession: false } };
      expect((await identity.register({ email: newEmail(), password: PASSWORD, name: NAME }, context)).ok).toBe(true);
    }
  });
});

describe('when too many passwords wait to be hashed', () => {
  it('registrations and logins are refused as overload, and leave nothing behind', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const quick = quickArgon2();
    const argon2 = {
      hash: (password: string) => released.then(() => quick.hash(password)),
      verify: (stored: string, password: string) => quick.verify(stored, password),
    };
    const identity = bench.identity({ argon2, config: { passwordsAtOnce: 1, passwordsWaitingMax: 1 } });
    const register = (email: string) =>
      identity.register({ email, password: PASSWORD, name: NAME }, { address: ADDRESS });
    const admitted = [register(newEmail()), register(newEmail())];
    const email = newEmail();
    expect(problemOf(await register(email))).toMatchObject({ code: 'overloaded', retryAfterSeconds: 5 });
    expect(problemOf(await identity.login({ email, password: PASSWORD }, { address: ADDRESS })).code).toBe(
      'overloaded',
    );
    release();
    expect((await Promise.all(admitted)).every((result) => result.ok)).toBe(true);
    expect((await register(email)).ok).toBe(true);
  });
});
