import { formatId } from '../core/ids.ts';
import { isOfUser, ownerKindOf } from './accounts.ts';

/** How the installation's own accounts are named. */
export const INSTALLATION = 'installation';

/** `usr_…`, `loan_…`, `merchant_…` or `installation`. */
export function ownerName(ownerId: string, purpose: string): string {
  const kind = ownerKindOf(purpose);
  return kind === 'installation' ? INSTALLATION : formatId(kind, ownerId);
}

/** One side of a posting as a reader may see it. */
export interface Side {
  /** `acc_…`; null where the account is someone else's. */
  id: string | null;
  purpose: string;
  owner: string | null;
  asset: string;
}

/**
 * The one rule of who sees what of a posting: of one's own accounts everything, of others the purpose only.
 *
 * @param onlyOf the user (bare UUID) who reads; null: a reader who sees all.
 */
export function sideFor(
  account: { id: string; ownerId: string; purpose: string; asset: string },
  onlyOf: string | null,
): Side {
  const { id, ownerId, purpose, asset } = account;
  const isShown = onlyOf === null || isOfUser(account, onlyOf);
  return {
    id: isShown ? formatId('account', id) : null,
    purpose,
    owner: isShown ? ownerName(ownerId, purpose) : null,
    asset,
  };
}
