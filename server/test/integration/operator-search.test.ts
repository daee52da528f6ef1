import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';

let rest: TestRest;
let operator: TestUser;
let ann: TestUser;
let order: string;
let loan: string;
let account: string;

beforeAll(async () => {
  rest = await startTestRest();
  operator = await rest.person('operator');
  ann = await rest.person('investor');
  order = (
    await rest.call('POST', '/v1/orders', { as: ann, body: { kind: 'deposit', asset: 'USD', amount: '5.00' } })
  ).json().id;
  account = (await rest.call('GET', '/v1/accounts', { as: ann })).json().data[0].id;
  const params = {
    borrower_id: ann.id,
    purpose: 'Solar roof for the Bäckerei',
    amount: '100',
    apr: '0.05',
    term_months: 6,
    grade: 'B',
    funding_deadline: new Date(Date.now() + 86_400_000).toISOString(),
  };
  loan = (await rest.call('POST', '/v1/loans', { as: operator, body: params })).json().id;
});
afterAll(() => rest?.stop());

const find = async (q: string): Promise<{ type: string; id: string; title: string; subtitle: string }[]> => {
  const answer = await rest.call('GET', `/v1/search?q=${encodeURIComponent(q)}`, { as: operator });
  expect(answer.statusCode).toBe(200);
  return answer.json().data;
};
const bare = (id: string): string => id.slice(id.indexOf('_') + 1);

test('an id of any kind is found, with its prefix and without', async () => {
  const expected = [
    { type: 'user', id: ann.id, title: ann.email },
    { type: 'order', id: order, title: 'deposit · completed', subtitle: ann.email },
    { type: 'loan', id: loan, title: 'Solar roof for the Bäckerei', subtitle: 'grade B · open' },
    { type: 'account', id: account, title: 'cash · USD', subtitle: ann.email },
  ];
  for (const one of expected) {
    expect(await find(one.id)).toMatchObject([one]);
    expect(await find(bare(one.id))).toContainEqual(expect.objectContaining({ id: one.id }));
  }
});

test('the beginning of an id is enough; another prefix finds only its own kind', async () => {
  expect((await find(order.slice(0, 12))).map(({ id }) => id)).toContain(order);
  expect((await find(bare(order).slice(0, 8))).map(({ id }) => id)).toContain(order);
  expect(await find(`loan_${bare(order)}`)).toEqual([]);
  expect(await find(`xyz_${bare(order)}`)).toEqual([]);
  expect(await find(bare(order).slice(0, 7))).toEqual([]);
});

test('a key leads to its user, a dead letter, a transfer and an event to their order', async () => {
  const caller = await rest.core.identity.authenticate(ann.token);
  const key = await rest.core.identity.createKey(caller!, { name: 'k', scopes: ['orders:read'] });
  if (!key.ok) throw new Error('no key');
  expect(await find(key.value.id)).toMatchObject([{ type: 'user', id: ann.id }]);
  const letter = uuidv7();
  await rest.pool.query(
    "insert into dead_letters (id, order_id, kind, command, error, created_at) values ($1, $2, 'deposit', '{}', 'x', now())",
    [letter, bare(order)],
  );
  expect(await find(formatId('deadLetter', letter))).toMatchObject([{ type: 'order', id: order }]);
  const { rows } = await rest.pool.query('select shard, seq from transfers where order_id = $1', [bare(order)]);
  expect(await find(`trf_${rows[0].shard}-${rows[0].seq}`)).toMatchObject([{ type: 'order', id: order }]);
  const events = await rest.pool.query('select shard, seq from events where order_id = $1 limit 1', [bare(order)]);
  expect(await find(`${events.rows[0].shard}-${events.rows[0].seq}`)).toMatchObject([{ type: 'order', id: order }]);
  expect(await find('trf_9999-1')).toEqual([]);
  expect(await find('99999-999999999999999')).toEqual([]);
});

test('users are found by address and name, loans by purpose, whatever the case', async () => {
  expect(await find(ann.email.toUpperCase())).toMatchObject([{ type: 'user', id: ann.id }]);
  expect(await find('sOLAR')).toMatchObject([{ type: 'loan', id: loan }]);
  expect(await find('BÄCKER')).toMatchObject([{ type: 'loan', id: loan }]);
});

test('at most twenty are found, of users and loans each a part', async () => {
  for (let n = 0; n < 25; n += 1)
    await rest.core.identity.createUser({
      email: `${n}@solar.example`,
      name: `n${n}`,
      role: 'investor',
      password: null,
    });
  const found = await find('solar');
  expect(found).toHaveLength(20);
  expect(found.at(-1)).toMatchObject({ type: 'loan', id: loan });
});

test.each(['%', '_', '\\', '%_%', "' or 1=1 --", '()[]{}*+?', '  ', '\u{1f4a5}', 'ord_', '2026-11', '--'])(
  'the text %j finds nothing that does not hold it',
  async (q) => {
    expect(await find(q)).toEqual([]);
  },
);
