import { column, defineTable, type RowGroups, type RowOf } from '../kit/index.ts';

/** A withdrawal that waits for its answer: one row each, so that its user's limits are read without looking through orders. */
export const pendingWithdrawals = defineTable({
  name: 'pending_withdrawals',
  key: ['orderId'],
  group: 'userId',
  // Its order is its lock.
  lock: 'none',
  columns: { orderId: column.uuid(), userId: column.uuid(), asset: column.text(), amount: column.bigint() },
});
export type PendingWithdrawal = RowOf<typeof pendingWithdrawals>;

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
  /** All of those who withdraw in this batch; of others those that end in it. */
  readonly pending: RowGroups<typeof pendingWithdrawals>;
}

export type PaymentsChange =
  | { type: 'withdrawal_opened'; withdrawal: PendingWithdrawal }
  | { type: 'withdrawal_closed'; withdrawal: PendingWithdrawal };

/** A change onto the rows in memory. */
export function applyPayments({ pending }: PaymentsRows, { type, withdrawal }: PaymentsChange): void {
  if (type === 'withdrawal_opened') pending.add(withdrawal);
  else pending.remove(withdrawal);
}
