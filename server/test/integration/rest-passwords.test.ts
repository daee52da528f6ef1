import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';

const NEXT = 'another long phrase';
let rest: TestRest;
let operator: TestUser;
beforeAll(async () => {
  rest = await startTestRest();
  operator = await rest.person('operator');
});
afterAll(() => rest?.stop());

const logIn = async ({ email }: TestUser, password: string) =>
  rest.call('POST', '/v1/auth/login', { body: { email, password }, headers: { 'user-agent': 'Firefox/140.0' } });
const change = (as: TestUser | string, current_password: string, new_password: string) =>
  rest.call('POST', '/v1/me/password', { as, body: { current_password, new_password } });
const works = async (token: string) => (await rest.call('GET', '/v1/me', { as: token })).statusCode === 200;

describe('a changed password', () => {
  it('needs the current one, and ends every other session and no key', async () => {
    const person = await rest.person();
    const other = (await logIn(person, person.password)).json().token;
    const key = await rest.call('POST', '/v1/api-keys', { as: person, body: { name: 'k', scopes: ['orders:read'] } });
    expect((await change(person, 'a wrong phrase', NEXT)).json()).toMatchObject({
      status: 422,
      code: 'wrong_password',
    });
    expect(await works(other)).toBe(true);
    expect((await change(person, person.password, NEXT)).statusCode).toBe(204);
    const open = { own: await works(person.token), other: await works(other), key: await works(key.json().key) };
    expect(open).toEqual({ own: true, other: false, key: true });
    expect((await logIn(person, person.password)).statusCode).toBe(401);
    expect((await logIn(person, NEXT)).statusCode).toBe(200);
  });

  it('follows the rules of a new one', async () => {
    const person = await rest.person();
    for (const weak of ['password123', 'aaaaaaaaaaaa', person.email])
      expect((await change(person, person.password, weak)).json()).toMatchObject({
        code: 'invalid_request',
        errors: [{ pointer: '/new_password' }],
      });
    expect((await logIn(person, person.password)).statusCode).toBe(200);
  });

  it('is not guessed by who found an open session: wrong ones count as failed log-ins', async () => {
    const person = await rest.person();
    for (let i = 0; i < 10; i += 1)
      expect((await change(person, `a wrong phrase ${i}`, NEXT)).json().code).toBe('wrong_password');
    expect((await change(person, person.password, NEXT)).statusCode).toBe(429);
  });
});

describe('sessions', () => {
  it('are listed with where they come from, and ended one by one', async () => {
    const person = await rest.person();
    const other = (await logIn(person, person.password)).json().token;
    const { data } = (await rest.call('GET', '/v1/sessions', { as: person })).json();
    expect(data).toMatchObject([
      { current: false, address: '127.0.0.1', user_agent: 'Firefox/140.0' },
      { current: true, address: '127.0.0.1' },
    ]);
    expect(JSON.stringify(data)).not.toContain('mrs_');
    const stranger = await rest.person();
    expect((await rest.call('DELETE', `/v1/sessions/${data[0].id}`, { as: stranger })).statusCode).toBe(404);
    expect((await rest.call('DELETE', `/v1/sessions/${data[0].id}`, { as: person })).statusCode).toBe(204);
    expect([await works(other), await works(person.token)]).toEqual([false, true]);
  });

  it('come in pages, newest first, and say when they were last used', async () => {
    const person = await rest.person();
    await logIn(person, person.password);
    const first = (await rest.call('GET', '/v1/sessions?limit=1', { as: person })).json();
    const second = (await rest.call('GET', `/v1/sessions?limit=1&cursor=${first.next_cursor}`, { as: person })).json();
    expect([first.data[0].current, second.data[0].current, second.has_more]).toEqual([false, true, false]);
    expect(Date.parse(second.data[0].last_used_at)).toBeGreaterThan(0);
    expect(first.data[0].last_used_at).toBeNull();
  });

  it('end everywhere at once, the one that asks too', async () => {
    const person = await rest.person();
    const other = (await logIn(person, person.password)).json().token;
    const answer = await rest.call('DELETE', '/v1/sessions', { as: person });
    expect({ status: answer.statusCode, cookie: answer.headers['set-cookie'] }).toMatchObject({
      status: 204,
      cookie: expect.stringContaining('millrace_session=; '),
    });
    expect([await works(other), await works(person.token)]).toEqual([false, false]);
  });
});

describe('an operator’s link to a new password', () => {
  const link = async (id: string): Promise<string> => {
    const answer = await rest.call('POST', `/v1/users/${id}/reset-link`, { as: operator });
    expect(answer.statusCode).toBe(201);
    return answer.json().path.replace('/reset-password#', '');
  };
  const reset = (token: string, new_password = NEXT) =>
    rest.call('POST', '/v1/auth/password-reset', { body: { token, new_password } });

  it('works once, ends every session, and is in the audit log without its secret', async () => {
    const person = await rest.person();
    const token = await link(person.id);
    expect((await reset(token, 'password123')).json().code).toBe('invalid_request');
    expect((await reset(token)).statusCode).toBe(204);
    expect(await works(person.token)).toBe(false);
    expect((await logIn(person, person.password)).statusCode).toBe(401);
    expect((await logIn(person, NEXT)).statusCode).toBe(200);
    expect((await reset(token)).json()).toMatchObject({ status: 410, code: 'reset_link_invalid' });
    const log = (await rest.call('GET', `/v1/audit-log?user_id=${person.id}`, { as: operator })).json().data;
    expect(log.map(({ act }: { act: string }) => act)).toEqual(['log_in', 'reset_password', 'createResetLink']);
    const { rows } = await rest.pool.query('select row_to_json(a)::text as text from audit_log a');
    expect(rows.some(({ text }) => text.includes('mrr_') || text.includes(NEXT))).toBe(false);
    const stored = await rest.pool.query('select * from password_resets where user_id = $1', [person.userId]);
    expect(stored.rows).toEqual([]);
  });

  it('stops when a newer one is made, when the password is changed, and after a day', async () => {
    const person = await rest.person();
    const first = await link(person.id);
    const second = await link(person.id);
    expect((await reset(first)).statusCode).toBe(410);
    await change(person, person.password, NEXT);
    expect((await reset(second)).statusCode).toBe(410);
    const third = await link(person.id);
    await rest.pool.query("update password_resets set expires_at = now() - interval '1 second'");
    expect((await reset(third)).statusCode).toBe(410);
  });

  it('is good for nobody who is disabled, and is not made for services', async () => {
    const person = await rest.person();
    const token = await link(person.id);
    await rest.call('POST', `/v1/users/${person.id}/disable`, { as: operator });
    expect((await reset(token)).statusCode).toBe(410);
    const service = await rest.person('service');
    const refused = await rest.call('POST', `/v1/users/${service.id}/reset-link`, { as: operator });
    expect(refused.json().code).toBe('forbidden');
  });

  it('lets only one of many at once set the password', async () => {
    const token = await link((await rest.person()).id);
    const answers = await Promise.all(Array.from({ length: 5 }, (_, i) => reset(token, `a long phrase ${i}`)));
    expect(answers.filter(({ statusCode }) => statusCode === 204)).toHaveLength(1);
  });
});
