import type { WireAccount, WirePage } from '@millrace/contract';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../session/client.ts';
import { keys } from './keys.ts';

function cashOf({ data }: WirePage<WireAccount>): WireAccount[] {
  return data.filter(({ purpose }) => purpose === 'cash');
}

/** The first page of accounts: cash comes first in the list, so that all of it is there. */
export const firstAccountsQuery = queryOptions({
  queryKey: keys.cash(),
  queryFn: ({ signal }): Promise<WirePage<WireAccount>> => client.accounts.list({}, { signal }),
});

/** What there is to spend, by asset. */
export const cashQuery = { ...firstAccountsQuery, select: cashOf };
