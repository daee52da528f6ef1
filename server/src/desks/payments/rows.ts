import {
  column,
  defineTable,
  type HeldAssets,
  receives,
  type RowGroups,
  type RowOf,
  type RowSet,
  type Users,
} from '../kit/index.ts';

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

/**
 * Who can be paid under a handle: a registry that operators keep. Read in the batch, like the users, and not from a cache: a
 * merchant that an operator has disabled is paid no more, whichever process decides. Batches that pay no merchant do not ask.
 */
export const merchants = defineTable({
  name: 'merchants',
  key: ['handle'],
  lock: 'none',
  columns: {
    handle: column.text(),
    name: column.text(),
    /** Who is paid in its place; null: it has accounts of its own. */
    ownerId: column.uuid().nullable(),
    createdAt: column.time(),
    disabledAt: column.time().nullable(),
    /** Whether money may go to the owner; false where there is none. */
    ownerReceives: column.computed<boolean>(
      (merchant) => `coalesce((select ${receives('u')} from users u where u.id = ${merchant}.owner_id), false)`,
    ),
  },
});
export type MerchantRow = RowOf<typeof merchants>;

export interface PaymentsRows {
  /** Of those that the commands name. */
  readonly users: Users;
  /** Those of the merchants that the commands name who are registered, by handle. */
  readonly merchants: RowSet<typeof merchants>;
  /** Of withdrawals that go on. */
  readonly heldAssets: HeldAssets;
  /** All of those who withdraw in this batch; of others those that end in it. */
  readonly pending: RowGroups<typeof pendingWithdrawals>;
  /** The assets of withdrawals that begin in this batch, by order. */
  readonly begun: Map<string, string>;
}

export type PaymentsChange =
  | { type: 'withdrawal_opened'; withdrawal: PendingWithdrawal }
  | { type: 'withdrawal_closed'; withdrawal: PendingWithdrawal };

/** A change onto the rows in memory. */
export function applyPayments({ pending }: PaymentsRows, { type, withdrawal }: PaymentsChange): void {
  if (type === 'withdrawal_opened') pending.add(withdrawal);
  else pending.remove(withdrawal);
}
