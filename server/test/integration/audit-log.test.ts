import { type OperationId, OPERATIONS, type AuditEntryView } from '@millrace/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';
import { EXPECTED, pathOf } from './authorization-table.ts';

let rest: TestRest;
let operator: TestUser;
let owner: TestUser;
beforeAll(async () => {
  rest = await startTestRest();
  operator = await rest.person('operator');
  owner = await rest.person();
});
afterAll(() => rest?.stop());

const entries = async (query = ''): Promise<AuditEntryView[]> =>
  (await rest.call('GET', `/v1/audit-log?${query}`, { as: operator })).json().data;
const count = async (): Promise<number> =>
  (await rest.pool.query('select count(*)::int as n from audit_log')).rows[0].n;

async function call(operationId: OperationId, as: TestUser | string) {
  const operation = OPERATIONS.find((one) => one.operationId === operationId);
  if (!operation) throw new Error(operationId);
  const request = (await EXPECTED[operationId].request?.(rest, owner)) ?? {};
  const answer = await rest.call(operation.method, pathOf(operation, request), {
    as,
    headers: { 'user-agent': 'a browser' },
    ...(request.body && { body: request.body }),
  });
  return { answer, request };
}

/** By its own rule, so that a slip in the contract's shows: what only operators may do, and what changes something. */
const ACTS = OPERATIONS.filter(
  ({ access, method }) => typeof access === 'object' && access.roles.join() === 'operator' && method !== 'GET',
).map(({ operationId }) => operationId);

describe('every act of an operator', () => {
  it.each(ACTS)('is in the audit log: %s', async (operationId) => {
    const { answer, request } = await call(operationId, operator);
    expect(answer.statusCode).toBeLessThan(300);
    const [entry] = await entries();
    expect(entry).toMatchObject({
      act: operationId,
      outcome: 'done',
      code: null,
      actor: { id: operator.id, email: operator.email },
      credential: 'session',
      address: '127.0.0.1',
      user_agent: 'a browser',
    });
    if (request.id !== undefined) expect(entry?.subject).toBe(request.id);
    if (request.id?.startsWith('usr_')) expect(entry?.user?.id).toBe(request.id);
  });

  it.each(ACTS)('is in the audit log where it is refused: %s', async (operationId) => {
    const caller = await rest.core.identity.authenticate(operator.token);
    const key = await rest.core.identity.createKey(caller!, { name: 'reader', scopes: ['orders:read'] });
    if (!key.ok) throw new Error('no key');
    expect((await call(operationId, key.value.key)).answer.statusCode).toBe(403);
    const [entry] = await entries();
    expect(entry).toMatchObject({
      act: operationId,
      outcome: 'refused',
      code: 'forbidden',
      credential: key.value.hint,
    });
  });

  it('is nobody else’s: of what others are refused some is there, and a flood of it is not', async () => {
    const before = await count();
    expect(ACTS.length).toBeGreaterThan(5);
    for (let time = 0; time < 3; time += 1)
      for (const operationId of ACTS) expect((await call(operationId, owner)).answer.statusCode).toBe(403);
    expect(await count()).toBe(before + 5);
    const tried = (await entries(`user_id=${owner.id}&outcome=refused`)).filter(({ actor }) => actor?.id === owner.id);
    expect(tried.map(({ act }) => act)).toEqual(ACTS.slice(0, 5).toReversed());
    // One user does not hide another; all together are bounded too.
    for (let made = 0; made < 7; made += 1) {
      const other = await rest.person();
      for (let time = 0; time < 6; time += 1) await call('createLoan', other);
      const own = await entries(`user_id=${other.id}&act=createLoan`);
      expect(own).toHaveLength(made < 5 ? 5 : 0);
    }
    expect(await count()).toBe(before + 30);
    // What anybody may do, and not everybody may do so, is no such try.
    await rest.call('POST', '/v1/auth/registration', { as: owner, body: { email: 'x', password: 'y', name: 'z' } });
    expect(await count()).toBe(before + 30);
  });

  it('on people needs a person: no key, with whatever scopes, is enough', () => {
    const onPeople = OPERATIONS.filter(({ path, method }) => path.startsWith('/v1/users/') && method !== 'GET');
    expect(onPeople.length).toBeGreaterThan(2);
    for (const { operationId, access } of onPeople)
      expect({ operationId, access }).toMatchObject({ access: { sessionOnly: true } });
  });

  it('that gives a role is there, without the password', async () => {
    const body = {
      email: 'new-operator@test.example',
      password: 'a long enough phrase',
      name: 'New',
      role: 'operator',
    };
    const { user } = (await rest.call('POST', '/v1/auth/registration', { as: operator, body })).json();
    const [entry] = await entries('act=register');
    expect(entry).toMatchObject({ subject: user.id, user: { name: 'New' } });
    expect(entry?.details).toEqual({ email: body.email, name: 'New', role: 'operator' });
    const { rows } = await rest.pool.query('select details::text from audit_log');
    expect(JSON.stringify(rows)).not.toContain('long enough');
  });
});

describe('a log-in', () => {
  const from = { address: '203.0.113.9', userAgent: 'curl/8' };
  const fail = (email: string) => rest.core.identity.login({ email, password: 'a wrong password' }, from);

  it('that fails is there, and the lock that follows once', async () => {
    const { email, id } = await rest.person();
    for (let i = 0; i < 13; i += 1) await fail(email);
    const found = await entries(`user_id=${id}`);
    expect(found.map(({ act }) => act)).toEqual(['lock_out', ...Array.from({ length: 10 }, () => 'log_in')]);
    expect(found[1]).toMatchObject({
      outcome: 'refused',
      code: 'invalid_credentials',
      actor: null,
      user: { id },
      address: from.address,
      user_agent: from.userAgent,
      details: { email },
    });
  });

  it('counts where a session guesses at the password of its user, and is there as that', async () => {
    const person = await rest.person();
    const body = { current_password: 'not the password', new_password: 'another long enough phrase' };
    for (let i = 0; i < 11; i += 1) await rest.call('POST', '/v1/me/password', { as: person, body });
    const found = await entries(`user_id=${person.id}`);
    expect(found.map(({ act }) => act)).toEqual(['lock_out', ...Array.from({ length: 10 }, () => 'changePassword')]);
    expect(found[1]).toMatchObject({ outcome: 'refused', code: 'wrong_password', actor: { id: person.id } });
    const another = await rest.person('operator');
    const logIn = (await entries(`user_id=${another.id}`)).length;
    await rest.call('POST', '/v1/me/password', { as: another, body });
    expect((await entries(`user_id=${another.id}`)).slice(0, -logIn).map(({ act }) => act)).toEqual(['changePassword']);
  });

  it('of an address that nobody has is there; what is no address is not written down: it may be a password', async () => {
    await fail('nobody@test.example');
    expect((await entries())[0]).toMatchObject({
      act: 'log_in',
      user: null,
      details: { email: 'nobody@test.example' },
    });
    await fail('my secret password');
    expect((await entries())[0]).toMatchObject({ act: 'log_in', user: null, details: null });
  });

  it('of an operator that succeeds is there', async () => {
    const other = await rest.person('operator');
    expect((await entries('act=log_in&outcome=done'))[0]).toMatchObject({ actor: { id: other.id } });
  });
});

describe('the audit log', () => {
  it('is searched by address, name, id and client address, and read page by page', async () => {
    const person = await rest.person();
    await rest.call('POST', `/v1/users/${person.id}/disable`, { as: operator });
    for (const search of [person.email, person.email.slice(2), person.id])
      expect((await entries(`search=${encodeURIComponent(search)}`))[0]).toMatchObject({ subject: person.id });
    expect((await entries('search=127.0.0.1')).length).toBeGreaterThan(0);
    expect(await entries('search=no-such-text')).toEqual([]);
    expect(await entries('to=2001-01-01T00:00:00Z')).toEqual([]);
    // Times that are one on the wire, and none to PostgreSQL.
    expect(await entries('to=0000-01-01T00:00:00Z')).toEqual([]);
    expect(await entries('from=9999-12-31T23:59:59-01:00')).toEqual([]);
    const first = (await rest.call('GET', '/v1/audit-log?limit=1', { as: operator })).json();
    const second = (
      await rest.call('GET', `/v1/audit-log?limit=1&cursor=${first.next_cursor}`, { as: operator })
    ).json();
    const both = await entries('limit=2');
    expect([...first.data, ...second.data]).toEqual(both);
  });

  it('cannot be changed, and of what is young nothing can be deleted', async () => {
    await expect(rest.pool.query("update audit_log set act = 'x'")).rejects.toThrow('append-only');
    await expect(rest.pool.query('delete from audit_log')).rejects.toThrow('append-only');
    await expect(rest.pool.query('truncate audit_log')).rejects.toThrow('append-only');
  });

  it('forgets failed log-ins after 90 days and acts after two years', async () => {
    const insert = (act: string, days: number) =>
      rest.pool.query(
        "insert into audit_log (id, at, act, outcome) values (gen_random_uuid(), now() - $2 * interval '1 day', $1, 'done')",
        [act, days],
      );
    await insert('log_in', 91);
    await insert('old_act', 91);
    await insert('old_act', 731);
    const before = await count();
    await rest.core.identity.purgeExpired(1_000);
    expect(await count()).toBe(before - 2);
  });
});
