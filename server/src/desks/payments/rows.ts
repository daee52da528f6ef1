/** Withdrawals of a user that wait for their answer, by asset. */
export interface PendingWithdrawals {
  count: number;
  /** Minor units, by asset. */
  readonly amounts: Map<string, bigint>;
}

/** A withdrawal that waits: one row each, so that its user's limits are read without looking through orders. */
export interface PendingWithdrawal {
  orderId: string;
  userId: string;
  asset: string;
  minor: bigint;
}

/** A merchant as it stands in the registry. */
export interface MerchantRow {
  /** Who is paid in its place; null: it has accounts of its own. */
  readonly ownerId: string | null;
  /** Whether money may go to the owner; false where there is none. */
  readonly ownerReceives: boolean;
  readonly disabled: boolean;
}

/** SQL: whether money may go to the user `alias`: enabled, and a person, since nobody withdraws what a service has. */
export function receives(alias: string): string {
  return `${alias}.disabled_at is null and ${alias}.role <> 'service'`;
}

export interface PaymentsRows {
  /** Those of the users that the commands name who exist. */
  readonly users: ReadonlySet<string>;
  /** Those of them that money may go to (`receives`). */
  readonly receivers: ReadonlySet<string>;
  /** Those of the merchants that the commands name who are registered, by handle. */
  readonly merchants: ReadonlyMap<string, MerchantRow>;
  /** By user, of those who withdraw in this batch. */
  readonly pending: Map<string, PendingWithdrawals>;
  /** What the batch adds and takes away. */
  readonly opened: Map<string, PendingWithdrawal>;
  readonly closed: Map<string, PendingWithdrawal>;
}

export type PaymentsChange =
  | { type: 'withdrawal_opened'; withdrawal: PendingWithdrawal }
  | { type: 'withdrawal_closed'; withdrawal: PendingWithdrawal };

/** A change onto the rows in memory. */
export function applyPayments(rows: PaymentsRows, { type, withdrawal }: PaymentsChange): void {
  const { orderId, userId, asset, minor } = withdrawal;
  const isOpened = type === 'withdrawal_opened';
  const pending = rows.pending.get(userId);
  if (pending) {
    pending.count += isOpened ? 1 : -1;
    pending.amounts.set(asset, (pending.amounts.get(asset) ?? 0n) + (isOpened ? minor : -minor));
  }
  // One that ends in the batch in which it began was never written.
  if (isOpened) rows.opened.set(orderId, withdrawal);
  else if (!rows.opened.delete(orderId)) rows.closed.set(orderId, withdrawal);
}
