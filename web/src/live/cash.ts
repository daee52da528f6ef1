import type { WireAccount } from '@millrace/contract';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../session/client.ts';
import { keys } from './keys.ts';

/** What there is to spend, by asset: cash comes first in the list, so that its first page has it. */
export const cashQuery = queryOptions({
  queryKey: keys.cash(),
  queryFn: async ({ signal }): Promise<WireAccount[]> =>
    (await client.accounts.list({}, { signal })).data.filter(({ purpose }) => purpose === 'cash'),
});
