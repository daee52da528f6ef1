import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { argon2id } from '../../src/intake/identity/passwords.ts';
import {
  type Bench,
  ADDRESS,
  NAME,
  newEmail,
  newPerson,
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

describe('a registration', () => {
  it('makes an investor with a session that works at once and for seven days', async () => {
    const identity = bench.identity();
    const email = newEmail().toUpperCase();
    const answer = valueOf(await identity.register({ email, password: PASSWORD, name: ` ${NAME} ` }, from));
    expect(answer.user).toMatchObject({ email, name: NAME, role: 'investor', created_at: '2026-11-21T12:00:00.000Z' });
    expect(answer.user.id).toMatch(/^usr_[0-9a-f-]{36}$/);
    expect(answer.expires_at).toBe('2026-11-28T12:00:00.000Z');
    const caller = await identity.authenticate(answer.token);
    expect(caller).toMatchObject({
      userId: answer.user.id.slice(4),
      role: 'investor',
      actingFor: answer.user.id.slice(4),
    });
    expect([...(caller?.scopes ?? [])]).toEqual(['orders:read', 'orders:write']);
    expect(caller && (await identity.me(caller))).toEqual(answer.user);
  });

  it('stores no password and no token, only their hashes', async () => {
    const identity = bench.identity({ argon2: argon2id });
    const { token } = await newPerson(identity);
    const { rows } = await bench.pool.query(
      "select row_to_json(u)::text || coalesce((select string_agg(row_to_json(s)::text, '') from sessions s), '') as text from users u",
    );
    const stored = rows.map((row: { text: string }) => row.text).join('\n');
    expect(stored).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
    expect(stored).not.toContain(PASSWORD);
    expect(stored).not.toContain(token.slice(4));
  });

  it('lets exactly one of twenty have the same address, however it is written', async () => {
    const identity = bench.identity();
    const [local] = newEmail().split('@');
    const spellings = [
      `${local}@example.org`,
      `${local?.toUpperCase()}@EXAMPLE.org`,
      `${local}@ｅxample.org`,
      `\t${local}＠example.org `,
      `${local}\u034f@example\u200b.org`,
    ];
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        identity.register({ email: spellings[i % spellings.length] as string, password: PASSWORD, name: NAME }, from),
      ),
    );
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    const refusals = results.filter((result) => !result.ok).map(problemOf);
    expect(new Set(refusals.map((refusal) => JSON.stringify(refusal))).size).toBe(1);
    expect(refusals[0]?.code).toBe('registration_refused');
    for (const email of spellings) expect((await identity.login({ email, password: PASSWORD }, from)).ok).toBe(true);
  });

  it('of a taken address takes the same hashing work as of a new one', async () => {
    const argon2 = quickArgon2();
    const identity = bench.identity({ argon2 });
    const { email } = await newPerson(identity);
    expect(argon2.hashes).toBe(1);
    await identity.register({ email, password: PASSWORD, name: NAME }, from);
    expect(argon2.hashes).toBe(2);
  });

  it('is refused with every field at fault, before any work, whether the address is taken or not', async () => {
    const argon2 = quickArgon2();
    const identity = bench.identity({ argon2 });
    const { email } = await newPerson(identity);
    const taken = await identity.register({ email, password: 'short', name: '' }, from);
    const free = await identity.register({ email: newEmail(), password: 'short', name: '' }, from);
    expect(problemOf(taken)).toEqual(problemOf(free));
    expect(problemOf(taken).errors?.map(({ pointer }) => pointer)).toEqual(['/name', '/password']);
    expect(argon2.hashes).toBe(1);
  });

  it.each([
    ['a NUL byte in the address', { email: 'nul\u0000@example.org' }],
    ['a NUL byte in the name', { name: 'nul\u0000' }],
    ['a megabyte of address', { email: `${'a'.repeat(1_000_000)}@example.org` }],
    ['a megabyte of name', { name: 'n'.repeat(1_000_000) }],
    ['a megabyte of password', { password: 'p'.repeat(1_000_000) }],
    ['a lone surrogate', { name: '\udc00' }],
    ['no text', { email: { $ne: null } as unknown as string, password: 8 as unknown as string }],
  ])('is refused with %s', async (_, fields) => {
    const result = await bench
      .identity()
      .register({ email: newEmail(), password: PASSWORD, name: NAME, ...fields }, from);
    expect(problemOf(result).code).toBe('invalid_request');
  });

  it('takes names and passwords of any script, and a NUL byte in a password', async () => {
    const identity = bench.identity({ argon2: argon2id });
    const email = newEmail();
    const password = 'ключ \u0000 鍵 🔑';
    const { user } = valueOf(
      await identity.register({ email, password, name: "Zoë'); drop table users; -- 王" }, from),
    );
    expect(user.name).toBe("Zoë'); drop table users; -- 王");
    expect((await identity.login({ email, password }, from)).ok).toBe(true);
    expect(problemOf(await identity.login({ email, password: 'ключ \u0000 鍵 🗝' }, from)).code).toBe(
      'invalid_credentials',
    );
  });
});

describe('what follows a registration', () => {
  it('happens inside its transaction, and after its commit before the answer', async () => {
    const seen: string[] = [];
    const identity = bench.identity({
      hooks: {
        async onRegistered(client, userId) {
          const inside = await client.query('select 1 from users where id = $1', [userId]);
          const outside = await bench.pool.query('select 1 from users where id = $1', [userId]);
          seen.push(`inside ${inside.rowCount}, outside ${outside.rowCount}`);
        },
        async afterRegistered(userId) {
          const { rowCount } = await bench.pool.query('select 1 from users where id = $1', [userId]);
          seen.push(`after ${rowCount}`);
        },
      },
    });
    await newPerson(identity);
    expect(seen).toEqual(['inside 1, outside 0', 'after 1']);
  });

  it('undoes the registration where it fails inside, and does not where it fails after', async () => {
    const email = newEmail();
    const inside = bench.identity({ hooks: { onRegistered: () => Promise.reject(new Error('no room')) } });
    await expect(inside.register({ email, password: PASSWORD, name: NAME }, from)).rejects.toThrow('no room');
    const after = bench.identity({ hooks: { afterRegistered: () => Promise.reject(new Error('no answer')) } });
    expect((await after.register({ email, password: PASSWORD, name: NAME }, from)).ok).toBe(true);
  });

  it('does not happen for a refused registration', async () => {
    const { email } = await newPerson(bench.identity());
    let calls = 0;
    const count = async (): Promise<void> => void (calls += 1);
    await bench
      .identity({ hooks: { onRegistered: count, afterRegistered: count } })
      .register({ email, password: PASSWORD, name: NAME }, from);
    expect(calls).toBe(0);
  });
});

describe('a session', () => {
  it('ends at once with its logout, in another process within five seconds, and no other session with it', async () => {
    const [here, there] = [bench.identity(), bench.identity()];
    const { email, token } = await newPerson(here);
    const other = valueOf(await here.login({ email, password: PASSWORD }, from)).token;
    expect(await there.authenticate(token)).toBeDefined();
    await here.logout(token);
    expect(await here.authenticate(token)).toBeUndefined();
    expect(await there.authenticate(token)).toBeDefined();
    bench.clock.advance(5_000);
    expect(await there.authenticate(token)).toBeUndefined();
    expect(await here.authenticate(other)).toBeDefined();
  });

  it('ends seven days after the login, to the millisecond, even where it was just used', async () => {
    const identity = bench.identity();
    const { token } = await newPerson(identity);
    bench.clock.advance(7 * 24 * 3_600_000 - 1);
    expect(await identity.authenticate(token)).toBeDefined();
    bench.clock.advance(1);
    expect(await identity.authenticate(token)).toBeUndefined();
    expect(await bench.identity().authenticate(token)).toBeUndefined();
  });

  it('is not ended by what is no token of a session', async () => {
    const identity = bench.identity();
    const { token } = await newPerson(identity);
    for (const text of [
      '',
      'mrs_',
      token.slice(0, -1),
      `${token}a`,
      token.replace('mrs_', 'mrk_'),
      '\u0000'.repeat(47),
      'x'.repeat(1_000_000),
    ]) {
      await identity.logout(text);
      expect(await identity.authenticate(text)).toBeUndefined();
    }
    expect(await identity.authenticate(token)).toBeDefined();
  });

  it('ends at once when its user is disabled, with everything else of the user', async () => {
    const identity = bench.identity();
    const { email, token, caller } = await newPerson(identity);
    const key = valueOf(await identity.createKey(caller, { name: 'k', scopes: ['orders:read'] })).key;
    const { ticket } = await identity.issueTicket(caller, token);
    expect(await identity.authenticate(key)).toBeDefined();
    expect(await identity.disableUser(caller.userId)).toBe(true);
    expect(await identity.authenticate(token)).toBeUndefined();
    expect(await identity.authenticate(key)).toBeUndefined();
    expect(await identity.redeemTicket(ticket)).toBeUndefined();
    expect(problemOf(await identity.login({ email, password: PASSWORD }, from)).code).toBe('invalid_credentials');
    expect(await identity.disableUser('no uuid')).toBe(false);
    expect(await identity.disableUser('00000000-0000-7000-8000-000000000000')).toBe(false);
  });

  it('of a user of the demonstration is refused where those are', async () => {
    const identity = bench.identity();
    const email = newEmail();
    valueOf(await identity.createUser({ email, name: NAME, role: 'investor', password: PASSWORD, demo: true }));
    const { token } = valueOf(await identity.login({ email, password: PASSWORD }, from));
    expect(await identity.authenticate(token)).toBeDefined();
    expect(await bench.identity({ config: { refuseDemoUsers: true } }).authenticate(token)).toBeUndefined();
  });
});

it('logs no e-mail address, password or token, at any level', async () => {
  bench.logged.all.length = 0;
  bench.logged.info.length = 0;
  const identity = bench.identity();
  const { email, token, caller } = await newPerson(identity);
  const { key } = valueOf(await identity.createKey(caller, { name: 'k', scopes: ['orders:read'] }));
  const { ticket } = await identity.issueTicket(caller, token);
  await identity.login({ email, password: 'a wrong password' }, from);
  await identity.redeemTicket(ticket);
  await identity.logout(token);
  expect(bench.logged.info.length).toBeGreaterThan(0);
  for (const secret of [PASSWORD, 'a wrong password', token, key, ticket, email])
    expect(bench.logged.all.join('\n')).not.toContain(secret);
});
