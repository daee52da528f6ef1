import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { argon2id } from '../../src/intake/identity/passwords.ts';
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
  valueOf,
} from './identity-support.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const from = { address: ADDRESS };

describe('a login', () => {
  it('opens one more session, with the address in any case and the password in any normal form', async () => {
    const identity = bench.identity({ argon2: argon2id });
    const email = newEmail();
    const first = valueOf(await identity.register({ email, password: 'caf\u00e9-au-lait', name: NAME }, from));
    const second = valueOf(await identity.login({ email: email.toUpperCase(), password: 'cafe\u0301-au-lait' }, from));
    expect(second.user).toEqual(first.user);
    expect(second.token).not.toBe(first.token);
    expect(await identity.authenticate(first.token)).toEqual(await identity.authenticate(second.token));
  });

  it('answers the same, after one verification, for a wrong password and for an address that cannot log in', async () => {
    const argon2 = quickArgon2();
    const identity = bench.identity({ argon2, config: { refuseDemoUsers: true } });
    const known = await newPerson(identity);
    const service = await newUser(identity, 'service');
    const disabled = await newPerson(identity);
    await identity.disableUser(disabled.caller.userId);
    const demo = newEmail();
    valueOf(await identity.createUser({ email: demo, name: NAME, role: 'investor', password: PASSWORD, demo: true }));
    const attempts = [
      { email: known.email, password: 'not-the-password' },
      { email: newEmail(), password: PASSWORD },
      { email: service.email, password: PASSWORD },
      { email: disabled.email, password: PASSWORD },
      { email: demo, password: PASSWORD },
    ];
    const answers: unknown[] = [];
    for (const attempt of attempts) {
      argon2.verifications.length = 0;
      answers.push(problemOf(await identity.login(attempt, from)));
      expect(argon2.verifications).toHaveLength(1);
    }
    expect(answers).toEqual(
      attempts.map(() => ({ code: 'invalid_credentials', detail: 'The e-mail address or the password is wrong.' })),
    );
  });

  it('verifies a real hash of the same cost where there is no account', async () => {
    const seen: string[] = [];
    const argon2 = {
      hash: argon2id.hash,
      verify: (stored: string, password: string) => (seen.push(stored), argon2id.verify(stored, password)),
    };
    const identity = bench.identity({ argon2 });
    const known = await newPerson(identity);
    await identity.login({ email: known.email, password: 'not-the-password' }, from);
    await identity.login({ email: newEmail(), password: 'not-the-password' }, from);
    expect(seen).toHaveLength(2);
    expect(seen[0]).not.toBe(seen[1]);
    const cost = (stored: string): string => stored.split('$').slice(0, 4).join('$');
    expect(cost(seen[1] as string)).toBe(cost(seen[0] as string));
  });

  it.each([
    ['a NUL byte', { email: 'a\u0000@example.org', password: PASSWORD }],
    ['a megabyte of password', { email: 'a@example.org', password: 'p'.repeat(1_000_000) }],
    ['a megabyte of address', { email: 'a'.repeat(1_000_000), password: PASSWORD }],
    ['no text', { email: {} as string, password: [] as unknown as string }],
  ])('with %s is like a wrong password', async (_, input) => {
    expect(problemOf(await bench.identity().login(input, from)).code).toBe('invalid_credentials');
  });

  it('keeps a user’s newest thousand sessions', async () => {
    const identity = bench.identity();
    const { email, token, caller } = await newPerson(identity);
    await bench.pool.query(
      "insert into sessions select sha256(n::text::bytea), $1, $2::timestamptz + n * interval '1 ms', $2::timestamptz + interval '1 day' from generate_series(1, 999) n",
      [caller.userId, new Date(bench.clock.now())],
    );
    bench.clock.advance(5_000);
    const newest = valueOf(await identity.login({ email, password: PASSWORD }, from));
    expect(await identity.authenticate(token)).toBeUndefined();
    expect(await identity.authenticate(newest.token)).toBeDefined();
    const { rows } = await bench.pool.query('select count(*)::int as sessions from sessions where user_id = $1', [
      caller.userId,
    ]);
    expect(rows).toEqual([{ sessions: 1000 }]);
  });
});
