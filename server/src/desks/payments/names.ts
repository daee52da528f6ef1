import { parseId, uuidOfName } from '../../core/ids.ts';
import { type AccountKey, accountKey, cashOf, SYSTEM_OWNER } from '../../ledger/index.ts';

/** The name of the command by which a withdrawal (`ord_…`) ends: what it moves stands in the ledger under that command's id. */
export function settlementName(orderId: string): string {
  return `withdrawal/${orderId}/settle`;
}

/** Where starting balances come from. May be negative: it counts what was given away. */
export const promotions = (asset: string): AccountKey => accountKey(SYSTEM_OWNER, 'promotions', asset);

/** Whom a payment names: a user, or a merchant by its handle. */
export interface Payee {
  /** In its one spelling: `usr_…`, or the handle in lower case. */
  name: string;
  /** null for a handle. */
  userId: string | null;
}

/** undefined for a text that begins like a user's id and is none. */
export function parsePayee(text: string): Payee | undefined {
  const name = text.toLowerCase();
  if (!name.startsWith('usr_')) return { name, userId: null };
  const userId = parseId('user', name);
  return userId === undefined ? undefined : { name, userId };
}

/** Who owns the accounts of a merchant that has accounts of its own. */
export function ownerOfMerchant(handle: string): string {
  return uuidOfName(`merchant/${handle}`);
}

/** A user is paid in cash, also under a handle; a merchant without an owner has accounts of its own. */
export function accountOf({ name, userId }: Payee, asset: string): AccountKey {
  return userId === null ? accountKey(ownerOfMerchant(name), 'merchant', asset) : cashOf(userId, asset);
}
