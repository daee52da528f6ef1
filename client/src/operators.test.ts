import { expect, test } from 'vitest';
import { startScriptServer } from '../test/script-server.ts';
import { createClient } from './index.ts';

test('operators’ calls go to their paths, with ids and texts escaped', async () => {
  const { url, seen } = await startScriptServer([
    { status: 200, body: { data: [], has_more: false, next_cursor: null } },
  ]);
  const { users, ledger, orders, search } = createClient({ url });
  await users.list({ search: 'a b&c', role: 'investor', limit: 5 });
  for await (const _ of users.all()) throw new Error('nobody is there');
  await users.get('usr_1');
  await users.disable('usr_1');
  await users.enable('usr/1');
  await users.apiKeys('usr_1', { cursor: 'c' });
  await users.deleteApiKey('usr_1', 'key/2');
  await ledger.trialBalance();
  await ledger.trialBalance({ asset: 'USD' });
  await ledger.accounts({ owner: 'installation', sort: 'balance', asset: 'USD' });
  for await (const _ of ledger.allAccounts({ purpose: 'cash' })) throw new Error('nothing is there');
  await ledger.account('acc_1');
  await orders.list({ everybody: true, kind: 'deposit' });
  await orders.explain('ord_1');
  await search('50 %');
  expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /v1/users?search=a+b%26c&role=investor&limit=5',
    'GET /v1/users',
    'GET /v1/users/usr_1',
    'POST /v1/users/usr_1/disable',
    'POST /v1/users/usr%2F1/enable',
    'GET /v1/users/usr_1/api-keys?cursor=c',
    'DELETE /v1/users/usr_1/api-keys/key%2F2',
    'GET /v1/ledger/trial-balance',
    'GET /v1/ledger/trial-balance?asset=USD',
    'GET /v1/ledger/accounts?owner=installation&sort=balance&asset=USD',
    'GET /v1/ledger/accounts?purpose=cash',
    'GET /v1/ledger/accounts/acc_1',
    'GET /v1/orders?everybody=true&kind=deposit',
    'GET /v1/orders/ord_1/explanation',
    'GET /v1/search?q=50+%25',
  ]);
});
