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

const DAY = 24 * 3_600_000;
const idOf = (publicId: string): string => publicId.slice(publicId.indexOf('_') + 1);

describe('an API key', () => {
  it('is shown once, does what its scopes say, and is listed by its hint', async () => {
    const identity = bench.identity();
    const { caller } = await newPerson(identity);
    const { key, ...view } = valueOf(
      await identity.createKey(caller, { name: 'reader', scopes: ['orders:read'], expires_in_days: 30 }),
    );
    expect(key).toMatch(/^mrk_[A-Za-z0-9_-]{43}$/);
    expect(view).toMatchObject({ name: 'reader', hint: key.slice(0, 10), scopes: ['orders:read'], last_used_at: null });
    expect(Date.parse(view.expires_at as string)).toBe(bench.clock.now() + 30 * DAY);
    const asKey = await identity.authenticate(key);
    expect(asKey).toMatchObject({ userId: caller.userId, role: 'investor', actingFor: caller.userId });
    expect([...(asKey?.scopes ?? [])]).toEqual(['orders:read']);
    const listed = valueOf(await identity.listKeys(caller, {}));
    expect(listed).toMatchObject({ data: [{ id: view.id, hint: view.hint }], has_more: false, next_cursor: null });
    expect(JSON.stringify(listed)).not.toContain(key);
    const { rows } = await bench.pool.query('select row_to_json(k)::text as text from api_keys k');
    expect(JSON.stringify(rows)).not.toContain(key.slice(12));
  });

  it('has no scope that its creator does not have', async () => {
    const identity = bench.identity();
    const { caller } = await newPerson(identity);
    for (const scope of ['operate', 'loans:write', 'users:write'] as const) {
      expect(problemOf(await identity.createKey(caller, { name: 'k', scopes: ['orders:read', scope] })).code).toBe(
        'forbidden',
      );
    }
    const reader: Caller = { ...caller, scopes: new Set<Scope>(['orders:read']) };
    expect(problemOf(await identity.createKey(reader, { name: 'k', scopes: ['orders:write'] })).code).toBe('forbidden');
  });

  it('is worth no more than its user’s role allows later', async () => {
    const identity = bench.identity();
    const { caller } = await newUser(identity, 'operator');
    const { key } = valueOf(await identity.createKey(caller, { name: 'k', scopes: ['operate', 'orders:read'] }));
    await bench.pool.query("update users set role = 'investor' where id = $1", [caller.userId]);
    expect([...((await identity.authenticate(key))?.scopes ?? [])]).toEqual(['orders:read']);
  });

  it.each([
    ['/name', { name: '' }],
    ['/name', { name: 'nul\u0000' }],
    ['/scopes', { scopes: [] }],
    ['/scopes', { scopes: ['everything' as Scope] }],
    ['/scopes', { scopes: ['constructor' as Scope] }],
    ['/expires_in_days', { expires_in_days: 0 }],
    ['/expires_in_days', { expires_in_days: 1.5 }],
    ['/expires_in_days', { expires_in_days: 3651 }],
    ['/expires_in_days', { expires_in_days: Number.NaN }],
  ])('is refused with the fault %s in %j', async (pointer, fields) => {
    const identity = bench.identity();
    const { caller } = await newPerson(identity);
    const result = await identity.createKey(caller, { name: 'k', scopes: ['orders:read'], ...fields });
    expect(problemOf(result)).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
  });

  it('stops at its expiry, is still listed, and is purged a month later', async () => {
    const identity = bench.identity();
    const { caller } = await newPerson(identity);
    const { key } = valueOf(
      await identity.createKey(caller, { name: 'k', scopes: ['orders:read'], expires_in_days: 1 }),
    );
    bench.clock.advance(DAY - 1);
    expect(await identity.authenticate(key)).toBeDefined();
    bench.clock.advance(1);
    expect(await identity.authenticate(key)).toBeUndefined();
    bench.clock.advance(30 * DAY - 1);
    expect(await bench.identity().authenticate(key)).toBeUndefined();
    await identity.purgeExpired(10_000);
    const [expired] = valueOf(await identity.listKeys(caller, {})).data;
    expect(Date.parse(expired?.last_used_at as string)).toBeLessThan(Date.parse(expired?.expires_at as string));
    bench.clock.advance(1);
    await identity.purgeExpired(10_000);
    expect(valueOf(await identity.listKeys(caller, {})).data).toHaveLength(0);
  });

  it('is refused at once when revoked, even by a look-up that was under way', async () => {
    const identity = bench.identity();
    const { caller } = await newPerson(identity);
    const { id, key } = valueOf(await identity.createKey(caller, { name: 'k', scopes: ['orders:read'] }));
    for (let round = 0; round < 20; round += 1) void identity.authenticate(key);
    const during = Array.from({ length: 20 }, () => identity.authenticate(key));
    expect(await identity.revokeKey(caller, idOf(id))).toBe(true);
    expect(await identity.authenticate(key)).toBeUndefined();
    await Promise.all(during);
    expect(await identity.authenticate(key)).toBeUndefined();
    expect(await identity.revokeKey(caller, idOf(id))).toBe(false);
  });

  it('is revoked by its owner or an operator, and by nobody else', async () => {
    const identity = bench.identity();
    const [owner, stranger] = [await newPerson(identity), await newPerson(identity)];
    const operator = await newUser(identity, 'operator');
    const service = await newUser(identity, 'service');
    const { id, key } = valueOf(await identity.createKey(owner.caller, { name: 'k', scopes: ['orders:read'] }));
    expect(await identity.revokeKey(stranger.caller, idOf(id))).toBe(false);
    expect(await identity.revokeKey(service.caller, idOf(id))).toBe(false);
    expect(await identity.revokeKey({ ...operator.caller, scopes: new Set(['orders:read'] as const) }, idOf(id))).toBe(
      false,
    );
    expect(await identity.revokeKey(owner.caller, 'no uuid')).toBe(false);
    expect(await identity.authenticate(key)).toBeDefined();
    expect(await identity.revokeKey(operator.caller, idOf(id))).toBe(true);
    expect(await identity.authenticate(key)).toBeUndefined();
  });

  it('notes when it was last used, at most once a minute', async () => {
    const identity = bench.identity();
    const { caller } = await newPerson(identity);
    const { id, key } = valueOf(await identity.createKey(caller, { name: 'k', scopes: ['orders:read'] }));
    const lastUsed = async (): Promise<string | null> =>
      valueOf(await identity.listKeys(caller, {})).data.find((view) => view.id === id)?.last_used_at ?? null;
    await identity.authenticate(key);
    const first = await lastUsed();
    expect(first).toBe(new Date(bench.clock.now()).toISOString());
    bench.clock.advance(59_999);
    await identity.authenticate(key);
    expect(await lastUsed()).toBe(first);
    bench.clock.advance(5_001);
    await identity.authenticate(key);
    expect(await lastUsed()).toBe(new Date(bench.clock.now()).toISOString());
  });

  it('is one of at most a hundred of its user, however many are made at the same time', async () => {
    const identity = bench.identity();
    const { caller } = await newPerson(identity);
    const results = await Promise.all(
      Array.from({ length: 110 }, () => identity.createKey(caller, { name: 'k', scopes: ['orders:read'] })),
    );
    expect(results.filter((result) => result.ok)).toHaveLength(100);
    expect(new Set(results.filter((result) => !result.ok).map((result) => problemOf(result).code))).toEqual(
      new Set(['too_many_keys']),
    );
  });

  it('is listed in pages, newest first, to its owner alone', async () => {
    const identity = bench.identity();
    const [owner, stranger] = [await newPerson(identity), await newPerson(identity)];
    const made: string[] = [];
    for (let i = 0; i < 5; i += 1)
      made.unshift(valueOf(await identity.createKey(owner.caller, { name: `k${i}`, scopes: ['orders:read'] })).id);
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = valueOf(await identity.listKeys(owner.caller, { limit: 2, cursor }));
      pages.push(page.data.map((view) => view.id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(pages).toEqual([made.slice(0, 2), made.slice(2, 4), made.slice(4)]);
    expect(valueOf(await identity.listKeys(stranger.caller, {})).data).toEqual([]);
    expect(problemOf(await identity.listKeys(owner.caller, { cursor: "'; drop table users" })).code).toBe(
      'invalid_cursor',
    );
  });
});

describe('a ticket', () => {
  it('opens once, of many at the same time and in whichever process', async () => {
    const [here, there] = [bench.identity(), bench.identity()];
    const { caller, token } = await newPerson(here);
    const { ticket, expires_at } = await here.issueTicket(caller, token);
    expect(Date.parse(expires_at)).toBe(bench.clock.now() + 30_000);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? here : there).redeemTicket(ticket)),
    );
    expect(answers.flatMap((holder) => holder?.caller ?? [])).toEqual([caller]);
  });

  it('lasts thirty seconds', async () => {
    const identity = bench.identity();
    const { caller, token } = await newPerson(identity);
    const [early, late] = [await identity.issueTicket(caller, token), await identity.issueTicket(caller, token)];
    bench.clock.advance(29_999);
    expect(await identity.redeemTicket(early.ticket)).toBeDefined();
    bench.clock.advance(1);
    expect(await identity.redeemTicket(late.ticket)).toBeUndefined();
  });

  it('carries no more than the caller had, and for whom a service acted', async () => {
    const identity = bench.identity();
    const service = await newUser(identity, 'service');
    const { user } = valueOf(
      await identity.register(
        { email: newEmail(), password: PASSWORD, name: NAME },
        { address: ADDRESS, by: { caller: service.caller, isSession: false } },
      ),
    );
    const acting = (await identity.actAs(
      { ...service.caller, scopes: new Set(['orders:read', 'users:write'] as const) },
      idOf(user.id),
    )) as Caller;
    const { ticket } = await identity.issueTicket(acting, service.key as string);
    expect((await identity.redeemTicket(ticket))?.caller).toEqual(acting);
    const last = await identity.issueTicket(acting, service.key as string);
    await identity.disableUser(idOf(user.id));
    expect(await identity.redeemTicket(last.ticket)).toBeUndefined();
  });

  it('ends with the session or key that it was issued for, and so does what it opened', async () => {
    const identity = bench.identity();
    const { caller, token } = await newPerson(identity);
    const { key, id } = valueOf(await identity.createKey(caller, { name: 'k', scopes: ['orders:read'] }));
    const keyCaller = (await identity.authenticate(key)) as Caller;
    const [unused, used, ofKey] = await Promise.all([
      identity.issueTicket(caller, token),
      identity.issueTicket(caller, token),
      identity.issueTicket(keyCaller, key),
    ]);
    const [holder, keyHolder] = await Promise.all([used, ofKey].map(({ ticket }) => identity.redeemTicket(ticket)));
    expect(await holder?.again()).toEqual(caller);
    await identity.logout(token);
    expect(await holder?.again()).toBeUndefined();
    expect(await identity.redeemTicket(unused.ticket)).toBeUndefined();
    expect(await keyHolder?.again()).toEqual(keyCaller);
    await identity.revokeKey(caller, idOf(id));
    expect(await keyHolder?.again()).toBeUndefined();
  });

  it('is no session token and no key, nor they a ticket', async () => {
    const identity = bench.identity();
    const { token, caller } = await newPerson(identity);
    const { ticket } = await identity.issueTicket(caller, token);
    expect(await identity.authenticate(ticket)).toBeUndefined();
    for (const text of [
      token,
      '',
      'mrt_',
      '\u0000'.repeat(47),
      ticket.replace('mrt_', 'mrs_'),
      'x'.repeat(1_000_000),
    ]) {
      expect(await identity.redeemTicket(text)).toBeUndefined();
    }
  });
});

it('deletes what has expired, in bounded portions, and nothing else', async () => {
  const identity = bench.identity();
  bench.clock.advance(100 * DAY);
  while ((await identity.purgeExpired(1000)) > 0);
  const { caller, token } = await newPerson(identity);
  for (let i = 0; i < 4; i += 1) await identity.issueTicket(caller, token);
  expect(await identity.purgeExpired(1000)).toBe(0);
  bench.clock.advance(30_000);
  expect(await identity.purgeExpired(3)).toBe(3);
  expect(await identity.purgeExpired(3)).toBe(1);
  for (let i = 0; i < 2; i += 1) {
    await newPerson(identity);
    await identity.issueTicket(caller, token);
  }
  bench.clock.advance(7 * DAY);
  expect(await identity.purgeExpired(4)).toBe(4);
  expect(await identity.purgeExpired(4)).toBe(1);
});
