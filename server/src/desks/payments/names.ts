import { parseId, uuidOfName } from '../../core/ids.ts';
import { type AccountKey, accountKey, cashOf, SYSTEM_OWNER } from '../../ledger/index.ts';

/** The hold that keeps a withdrawal's money: an order has one, under its own id. */
export function holdOf(orderId: string): string {
  return orderId;
}

/** The name of the command by which a withdrawal (`ord_…`) ends: what it moves stands in the ledger under that command's id. */
export function settlementName(orderId: string): string {
  return `withdrawal/${orderId}/settle`;
}

/** Where starting balances come from. May be negative: it counts what was given away. */
export const promotions = (asset: string): AccountKey => accountKey(SYSTEM_OWNER, 'promotions', asset);

/** Who is paid: a user, or whoever goes by a handle. */
export interface Merchant {
  /** In its one spelling: `usr_…`, or the handle in lower case. */
  name: string;
  /** null for a handle. */
  userId: string | null;
}

/** undefined for a text that begins like a user's id and is none: money must not go to an account that nobody has. */
export function parseMerchant(text: string): Merchant | undefined {
  const name = text.toLowerCase();
  if (!name.startsWith('usr_')) return { name, userId: null };
  const userId = parseId('user', name);
  return userId === undefined ? undefined : { name, userId };
}

/** A user is paid in cash; a handle has an account of its own. */
export function accountOf({ name, userId }: Merchant, asset: string): AccountKey {
  return userId === null ? accountKey(uuidOfName(`merchant/${name}`), 'merchant', asset) : cashOf(userId, asset);
}
