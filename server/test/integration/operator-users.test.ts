import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import { LOCAL_OPERATOR_EMAIL } from '../../src/intake/identity/index.ts';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';

let rest: TestRest;
let operator: TestUser;
let ann: TestUser;

beforeAll(async () => {
  rest = await startTestRest();
  operator = await rest.person('operator');
  ann = await rest.person('investor', '25.00');
});
afterAll(() => rest?.stop());

const get = async (url: string, as: TestUser = operator) => rest.call('GET', url, { as });
const post = async (url: string, as: TestUser = operator) => rest.call('POST', url, { as });
const listed = async (query: string): Promise<{ id: string; email: string }[]> =>
  (await get(`/v1/users?${query}`)).json().data;
const named = (email: string, name: string) => rest.core.identity.createUser({ email, name, role: 'investor' });

describe('users', () => {
  test('are listed newest first, page after page', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 100; pages += 1) {
      const page: { data: { id: string }[]; next_cursor: string | null } = (
        await get(`/v1/users?limit=1${cursor && `&cursor=${cursor}`}`)
      ).json();
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    const { rows } = await rest.pool.query('select id from users order by id desc');
    expect(seen).toEqual(rows.map(({ id }) => formatId('user', id)));
  });

  test('are found by a part of the address or the name, whatever the case, and by role', async () => {
    await named('Zoë.Unusual@Example.com', 'Zoë Ångström');
    for (const search of ['UNUSUAL', 'zoë.un', 'ångSTRÖM', '@example.com', 'ë å'])
      expect(await listed(`search=${encodeURIComponent(search)}`)).toMatchObject([
        { email: 'Zoë.Unusual@Example.com' },
      ]);
    expect(await listed('search=unusual&role=operator')).toEqual([]);
    expect((await listed('role=operator')).map(({ id }) => id)).toEqual([operator.id]);
  });

  test('are found by an id and by its beginning', async () => {
    expect(await listed(`search=${ann.id}`)).toMatchObject([{ id: ann.id }]);
    expect(await listed(`search=${ann.userId.toUpperCase()}`)).toMatchObject([{ id: ann.id }]);
    expect((await listed(`search=${ann.id.slice(0, 20)}`)).map(({ id }) => id)).toContain(ann.id);
    expect(await listed(`search=usr_${uuidv7().replaceAll(/[0-9]/g, 'f')}`)).toEqual([]);
  });

  test('a filtered list goes on behind what one page may look at', async () => {
    const first = (await get('/v1/users?search=test.example&limit=1')).json();
    expect(first).toMatchObject({ has_more: true });
    const second = (await get(`/v1/users?search=test.example&limit=1&cursor=${first.next_cursor}`)).json();
    expect(second.data[0].id < first.data[0].id).toBe(true);
  });

  test.each(['%', '_', '\\', "'", '%%_%', '\\%', '"; drop table users; --', '.*'])(
    'the text %s is looked for as it is',
    async (search) => {
      expect(await listed(`search=${encodeURIComponent(search)}`)).toEqual([]);
      await named(`${uuidv7()}@hostile.example`, `has ${search} inside`);
      expect(await listed(`search=${encodeURIComponent(search)}`)).toHaveLength(1);
      await rest.pool.query("delete from users where email like '%@hostile.example'");
    },
  );

  test.each([
    ['a NUL', '%00'],
    ['a control character', 'a%0Ab'],
    ['ten thousand characters', 'x'.repeat(10_000)],
    ['nothing', ''],
  ])('%s is refused as a search', async (_, search) => {
    for (const url of [`/v1/users?search=${search}`, `/v1/search?q=${search}`])
      expect((await get(url)).statusCode).toBe(400);
  });

  test.each(['x', 'dXNlcnN8eA', 'usr_1', 'b3JkZXJzfDAtMQ'])('the cursor %s is refused', async (cursor) => {
    expect((await get(`/v1/users?cursor=${cursor}`)).json()).toMatchObject({ code: 'invalid_cursor' });
  });

  test('one is shown with sessions, keys and accounts', async () => {
    const caller = await rest.core.identity.authenticate(ann.token);
    await rest.core.identity.createKey(caller!, { name: 'k', scopes: ['orders:read'] });
    expect((await get(`/v1/users/${ann.id}`)).json()).toMatchObject({
      id: ann.id,
      email: ann.email,
      role: 'investor',
      disabled_at: null,
      disabled_by: null,
      created_by: null,
      is_protected: false,
      sessions: 1,
      keys: 1,
      accounts: [{ purpose: 'cash', asset: 'USD', balance: '25.00' }],
      more_accounts: false,
    });
    expect((await get(`/v1/users/${formatId('user', uuidv7())}`)).statusCode).toBe(404);
  });
});

describe('shutting a user out', () => {
  test('ends sessions and keys at once, is kept with who did it, and is undone by letting in', async () => {
    const eve = await rest.person('investor');
    const caller = await rest.core.identity.authenticate(eve.token);
    const key = await rest.core.identity.createKey(caller!, { name: 'k', scopes: ['orders:read'] });
    if (!key.ok) throw new Error('no key');
    const other = await rest.person('operator');

    const disabled = (await post(`/v1/users/${eve.id}/disable`)).json();
    expect(disabled).toMatchObject({ disabled_at: expect.any(String), disabled_by: operator.id, sessions: 0, keys: 1 });
    expect((await get('/v1/me', eve)).statusCode).toBe(401);
    expect((await rest.call('GET', '/v1/orders', { as: key.value.key })).statusCode).toBe(401);
    // Who did it first is kept.
    expect((await post(`/v1/users/${eve.id}/disable`, other)).json()).toEqual(disabled);

    expect((await post(`/v1/users/${eve.id}/enable`)).json()).toMatchObject({ disabled_at: null, disabled_by: null });
    expect((await get('/v1/me', eve)).statusCode).toBe(401);
    expect((await rest.call('GET', '/v1/orders', { as: key.value.key })).statusCode).toBe(200);
    const again = await rest.call('POST', '/v1/auth/login', { body: { email: eve.email, password: eve.password } });
    expect(again.statusCode).toBe(200);
  });

  test('needs the operator’s session: a key of the operator with every scope disables and enables nobody', async () => {
    const eve = await rest.person('investor');
    const caller = await rest.core.identity.authenticate(operator.token);
    const key = await rest.core.identity.createKey(caller!, { name: 'every scope', scopes: [...caller!.scopes] });
    if (!key.ok) throw new Error('no key');
    for (const act of ['disable', 'enable', 'reset-link']) {
      const answer = await rest.call('POST', `/v1/users/${eve.id}/${act}`, { as: key.value.key });
      expect([act, answer.statusCode, answer.json().code]).toEqual([act, 403, 'forbidden']);
    }
    expect((await get(`/v1/users/${eve.id}`)).json()).toMatchObject({ disabled_at: null, sessions: 1 });
  });

  test('is refused for oneself, for the user that Millrace works as, and for who is nobody', async () => {
    expect((await post(`/v1/users/${operator.id}/disable`)).json()).toMatchObject({ code: 'forbidden' });
    const made = await rest.core.identity.createUser({
      email: LOCAL_OPERATOR_EMAIL,
      name: 'x',
      role: 'operator',
      password: null,
    });
    if (!made.ok) throw new Error('not made');
    expect((await post(`/v1/users/${made.value.user.id}/disable`)).json()).toMatchObject({ code: 'forbidden' });
    expect((await get(`/v1/users/${made.value.user.id}`)).json()).toMatchObject({ is_protected: true });
    for (const change of ['disable', 'enable'])
      expect((await post(`/v1/users/${formatId('user', uuidv7())}/${change}`)).statusCode).toBe(404);
  });

  test('is told to what keeps something open for the user, as the end of a session and of a key is', async () => {
    const told: string[] = [];
    rest.core.identity.onEnding((userId) => told.push(userId));
    const eve = await rest.person('investor');
    const caller = await rest.core.identity.authenticate(eve.token);
    const key = await rest.core.identity.createKey(caller!, { name: 'k', scopes: ['orders:read'] });
    if (!key.ok) throw new Error('no key');
    await rest.call('DELETE', `/v1/users/${eve.id}/api-keys/${key.value.id}`, { as: operator });
    await post('/v1/auth/logout', eve);
    await post(`/v1/users/${eve.id}/disable`);
    expect(told).toEqual([eve.userId, eve.userId, eve.userId]);
  });

  test('is told of a session that a newer one puts an end to', async () => {
    const told: string[] = [];
    rest.core.identity.onEnding((userId) => told.push(userId));
    const { userId, email, password } = await rest.person('investor');
    await rest.pool.query(
      `insert into sessions (token_hash, user_id, created_at, expires_at)
select decode(md5(n::text) || md5(n::text), 'hex'), $1, now() - interval '1 day', now() + interval '1 day'
from generate_series(1, 1000) as n`,
      [userId],
    );
    await rest.call('POST', '/v1/auth/login', { body: { email, password } });
    await vi.waitFor(() => expect(told).toEqual([userId]));
  });
});

describe('a user’s API keys', () => {
  test('are listed and deleted, under their own user only', async () => {
    const bob = await rest.person('investor');
    const caller = await rest.core.identity.authenticate(bob.token);
    const key = await rest.core.identity.createKey(caller!, { name: 'k', scopes: ['orders:read'] });
    if (!key.ok) throw new Error('no key');
    const keys = `/v1/users/${bob.id}/api-keys`;
    expect((await get(keys)).json()).toMatchObject({ data: [{ id: key.value.id, name: 'k' }], has_more: false });
    expect((await get(`${keys}?cursor=x`)).json()).toMatchObject({ code: 'invalid_cursor' });
    expect((await get(`/v1/users/${formatId('user', uuidv7())}/api-keys`)).statusCode).toBe(404);

    const remove = (user: string) =>
      rest.call('DELETE', `/v1/users/${user}/api-keys/${key.value.id}`, { as: operator });
    expect((await remove(ann.id)).statusCode).toBe(404);
    expect((await rest.call('GET', '/v1/orders', { as: key.value.key })).statusCode).toBe(200);
    expect((await remove(bob.id)).statusCode).toBe(204);
    expect((await remove(bob.id)).statusCode).toBe(404);
    expect((await rest.call('GET', '/v1/orders', { as: key.value.key })).statusCode).toBe(401);
  });
});
