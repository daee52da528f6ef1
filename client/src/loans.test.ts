import { expect, test } from 'vitest';
import { startScriptServer } from '../test/script-server.ts';
import { createClient } from './index.ts';

const page = (data: object[], next_cursor: string | null) => ({
  status: 200,
  body: { data, has_more: next_cursor !== null, next_cursor },
});

async function taken<Item>(items: AsyncGenerator<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test('holdings are read to their end with the same sort, filter and the page’s cursor', async () => {
  const { url, seen } = await startScriptServer([page([{ loan_id: 'a' }], 'c1'), page([{ loan_id: 'b' }], null)]);
  const all = await taken(createClient({ url }).portfolio.allHoldings({ sort: 'rate', status: 'late' }));
  expect(all).toMatchObject([{ loan_id: 'a' }, { loan_id: 'b' }]);
  expect(seen.map(({ path }) => path)).toEqual([
    '/v1/portfolio/holdings?sort=rate&status=late',
    '/v1/portfolio/holdings?sort=rate&status=late&cursor=c1',
  ]);
});

test('portfolio, fundings and projection are asked for by asset, loan and amount', async () => {
  const { url, seen } = await startScriptServer([page([], null)]);
  const { portfolio, loans } = createClient({ url });
  await portfolio.get();
  await portfolio.get({ asset: 'EUR' });
  await taken(loans.allFundings('loan_1', { limit: 5 }));
  await loans.projection('loan_1', '25.00');
  expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /v1/portfolio',
    'GET /v1/portfolio?asset=EUR',
    'GET /v1/loans/loan_1/fundings?limit=5',
    'GET /v1/loans/loan_1/projection?amount=25.00',
  ]);
});
