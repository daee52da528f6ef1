import type { LedgerAccountsQuery } from '@millrace/contract';
import { textIn, wordIn } from '../../../navigation/index.ts';

/** What an account can be for, as the ledger names it. */
export const PURPOSES = ['cash', 'escrow', 'notes', 'fees', 'merchant', 'outside', 'promotions', 'issuance'] as const;

const OWNER = /^((usr|loan|merchant)_[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|installation)$/;
const ASSET = /^[A-Za-z0-9:._-]{1,64}$/;

export interface AccountFilters {
  asset: string | undefined;
  purpose: (typeof PURPOSES)[number] | undefined;
  owner: string | undefined;
  /** Only of one asset: amounts of two cannot be compared. */
  sort: 'balance' | undefined;
}

export function readFilters(raw: Record<string, unknown>): AccountFilters {
  const matching = (name: string, pattern: RegExp): string | undefined => {
    const text = textIn(raw, name);
    return text !== undefined && pattern.test(text) ? text : undefined;
  };
  const asset = matching('asset', ASSET);
  return {
    asset,
    purpose: wordIn(raw, 'purpose', PURPOSES),
    owner: matching('owner', OWNER),
    sort: asset === undefined ? undefined : wordIn(raw, 'sort', ['balance']),
  };
}

export function queryOf(filters: AccountFilters): LedgerAccountsQuery {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}
