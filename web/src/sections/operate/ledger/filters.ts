import type { Purpose } from '@millrace/contract';
import type { LedgerAccountsQuery } from '@millrace/contract';
import { textIn, wordIn } from '../../../navigation/index.ts';
import { isOwnerId, PURPOSE_NAMES } from '../../../wording/index.ts';

const ASSET = /^[A-Za-z0-9:._-]{1,64}$/;

export interface AccountFilters {
  asset: string | undefined;
  purpose: Purpose | undefined;
  owner: string | undefined;
  /** Only of one asset: amounts of two cannot be compared. */
  sort: 'balance' | undefined;
}

export function readFilters(raw: Record<string, unknown>): AccountFilters {
  const asset = textIn(raw, 'asset');
  return {
    asset,
    purpose: wordIn(raw, 'purpose', PURPOSE_NAMES),
    owner: textIn(raw, 'owner'),
    sort: asset === undefined ? undefined : wordIn(raw, 'sort', ['balance']),
  };
}

/** What is wrong with a filter that was typed: all accounts would be another answer than the one that was asked for. */
export function faultsOf({ asset, owner }: AccountFilters): { asset?: string; owner?: string } {
  return {
    ...(asset === undefined || ASSET.test(asset) ? {} : { asset: 'No asset is called so.' }),
    ...(owner === undefined || isOwnerId(owner) ? {} : { owner: 'This is no id of an owner.' }),
  };
}

export function queryOf(filters: AccountFilters): LedgerAccountsQuery {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}
