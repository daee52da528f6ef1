import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import { registerMerchant } from '../support/ledger.ts';
import { startTestRest, type TestRest, type TestUser } from '../support/rest.ts';

let rest: TestRest;
let operator: TestUser;
let ann: TestUser;
let bob: TestUser;

beforeAll(async () => {
  rest = await startTestRest();
  operator = await rest.person('operator');
  ann = await rest.person('investor', '100.00');
  bob = await rest.person('investor', '7.00');
  await registerMerchant(rest, { handle: 'acme', name: 'Acme' });
  const pay = { kind: 'pay', merchant: 'acme', item: 'nails', quantity: 2, price: '10.00' };
  await rest.call('POST', '/v1/orders', { as: ann, body: pay });
  const withdraw = { kind: 'withdraw', asset: 'USD', amount: '5.00' };
  await rest.call('POST', '/v1/orders', { as: bob, body: withdraw });
});
afterAll(() => rest?.stop());

const get = async (url: string, as: TestUser = operator) => rest.call('GET', url, { as });
const accounts = async (query: string) => (await get(`/v1/ledger/accounts?${query}`)).json();

describe('the trial balance', () => {
  test('sums every account by asset and purpose, and each asset to zero', async () => {
    const balance = (await get('/v1/ledger/trial-balance')).json();
    expect(balance).toMatchObject({ balanced: true, unbalanced: [], accounts: 4, more: false });
    expect(balance.assets).toEqual([{ asset: 'USD', accounts: 4, debit: '107.00', credit: '107.00', balance: '0.00' }]);
    expect(balance.lines).toEqual([
      { asset: 'USD', purpose: 'cash', accounts: 2, debit: '0.00', credit: '87.00', balance: '87.00' },
      { asset: 'USD', purpose: 'merchant', accounts: 1, debit: '0.00', credit: '20.00', balance: '20.00' },
      { asset: 'USD', purpose: 'outside', accounts: 1, debit: '107.00', credit: '0.00', balance: '-107.00' },
    ]);
  });

  test('is computed once for all who ask within ten seconds', async () => {
    const first = (await get('/v1/ledger/trial-balance')).json();
    await rest.person('investor', '1.00');
    expect((await get('/v1/ledger/trial-balance')).json()).toEqual(first);
  });

  test('of one asset names that asset alone, and one that does not balance', async () => {
    await rest.pool.query("insert into assets (code, scale, name, class) values ('EUR', 2, 'EUR', 'currency')");
    await rest.pool.query("insert into accounts values ($1, $2, 'cash', 'EUR', false, 12, 0, now())", [
      uuidv7(),
      ann.userId,
    ]);
    expect((await get('/v1/ledger/trial-balance?asset=EUR')).json()).toMatchObject({
      balanced: false,
      unbalanced: ['EUR'],
      assets: [{ asset: 'EUR', balance: '0.12' }],
    });
    expect((await get('/v1/ledger/trial-balance?asset=NONE')).json()).toMatchObject({ balanced: true, assets: [] });
    await rest.pool.query("delete from accounts where asset = 'EUR'");
  });

  test('is whole where there are more assets than are listed', async () => {
    await rest.pool.query("insert into assets select 'loan:' || n, 2, 'n', 'note' from generate_series(1000, 1299) n");
    await rest.pool.query(
      `insert into accounts select gen_random_uuid(), gen_random_uuid(), p, 'loan:' || n, true, case when p = 'notes' then 5 else -5 end, 0, now()
       from generate_series(1000, 1299) n, unnest(array['notes', 'issuance']) p`,
    );
    await rest.pool.query("update accounts set balance = 6 where asset = 'loan:1299' and purpose = 'notes'");
    const fresh = await startTestRest({ database: rest.database, flags: ['--take-over'] });
    const balance = (await fresh.call('GET', '/v1/ledger/trial-balance', { as: operator })).json();
    expect(balance).toMatchObject({ balanced: false, unbalanced: ['loan:1299'], more: true });
    expect(balance.assets[0].asset).toBe('USD');
    expect(balance.lines.length).toBeLessThanOrEqual(1000);
    await fresh.stop();
    await rest.pool.query("delete from accounts where asset like 'loan:%'");
  });
});

describe('accounts of anybody', () => {
  test('are listed by owner, each once', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 100; pages += 1) {
      const page = await accounts(`limit=1${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.data.map(({ id }: { id: string }) => id));
      cursor = page.next_cursor;
    }
    const { rows } = await rest.pool.query('select id from accounts order by owner_id, purpose, asset');
    expect(seen).toEqual(rows.map(({ id }) => formatId('account', id)));
  });

  test('are chosen by owner, purpose and asset', async () => {
    expect((await accounts(`owner=${ann.id}`)).data).toMatchObject([
      { owner: ann.id, purpose: 'cash', balance: '80.00', held: '0.00' },
    ]);
    expect((await accounts('owner=installation')).data).toMatchObject([{ owner: 'installation', purpose: 'outside' }]);
    const { data } = await accounts('purpose=merchant&asset=USD');
    expect(data).toMatchObject([{ owner: expect.stringMatching(/^merchant_/), balance: '20.00' }]);
    expect((await accounts(`owner=${data[0].owner}`)).data).toEqual(data);
    expect((await accounts(`owner=${ann.id}&asset=EUR`)).data).toEqual([]);
    expect((await accounts('purpose=cash&limit=1')).has_more).toBe(true);
  });

  test('the greatest come first where they are sorted by balance, of one asset', async () => {
    const greatest = await accounts('sort=balance&asset=USD&purpose=cash&limit=2');
    expect(greatest.data).toMatchObject([{ owner: ann.id }, { owner: bob.id, held: '5.00', available: '2.00' }]);
    expect((await get('/v1/ledger/accounts?sort=balance')).json()).toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer: '/asset' }],
    });
    expect((await get('/v1/ledger/accounts?sort=balance&asset=USD&cursor=x')).statusCode).toBe(400);
  });

  test('one is read by its id, and its statement by the operation for statements', async () => {
    const [account] = (await accounts(`owner=${ann.id}`)).data;
    expect((await get(`/v1/ledger/accounts/${account.id}`)).json()).toEqual(account);
    expect((await get(`/v1/accounts/${account.id}/transfers`)).json().data).toHaveLength(2);
    expect((await get(`/v1/ledger/accounts/${formatId('account', uuidv7())}`)).statusCode).toBe(404);
  });

  test.each([
    'owner=usr_1',
    'owner=nobody',
    'asset=%25',
    'purpose=Cash',
    'purpose=%00',
    'sort=age',
    'cursor=bGVkZ2VyfHg',
    'limit=0',
  ])('the query %s is refused', async (query) => {
    expect((await get(`/v1/ledger/accounts?${query}`)).statusCode).toBe(400);
  });
});
