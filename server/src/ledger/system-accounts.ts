import { type AccountIds, type AccountKey, accountKey, SYSTEM_OWNER } from './accounts.ts';

// Everybody's orders move the accounts of the installation: on one row each, the deposits of all shards would wait for one
// another. So such an account is kept in parts, a row for each shard that has moved its money, and all that a worker locks is
// its own. Part 0 is the account as everybody names it: its id is the account's, it is there as soon as any part is, and what
// was moved before there were parts, by whatever shard, is in it. Desks name the account; who reads sees its sum, by the views
// `whole_accounts` and `account_transfers`, which know parts by these owners.

/** The rows on which the worker of one shard moves money. */
export interface AccountRows {
  readonly shard: number;
  /** Of the accounts themselves. */
  readonly ids: AccountIds;
  /** The key under which the row stands: the account's, or that of its part. */
  keyOf(account: AccountKey): AccountKey;
  idOf(account: AccountKey): string;
}

export function accountRows(ids: AccountIds, shard: number): AccountRows {
  if (shard === 0) return { shard, ids, keyOf: (account) => account, idOf: ids };
  const owner = SYSTEM_OWNER.slice(0, -12) + shard.toString(16).padStart(12, '0');
  const keyOf = (account: AccountKey): AccountKey =>
    account.ownerId === SYSTEM_OWNER ? accountKey(owner, account.purpose, account.asset) : account;
  return { shard, ids, keyOf, idOf: (account) => ids(keyOf(account)) };
}

const PART_OF_IT = '= any (array(select id from account_parts where account_id = $1::uuid))';

/**
 * SQL for `from`, in place of `transfers`, in a statement about the account `$1`: whichever part of it was moved, `$1` stands there. Its
 * parts are looked up once; a join with `account_parts` for each transfer costs more than reading it.
 */
export const TRANSFERS_OF_ACCOUNT = `(
  select shard, seq, order_id, line, amount, reason, at,
    case when debit_account_id ${PART_OF_IT} then $1::uuid else debit_account_id end as debit_account_id,
    case when credit_account_id ${PART_OF_IT} then $1::uuid else credit_account_id end as credit_account_id
  from transfers)`;

/** SQL: the id of the account that the parameter (`$1`) is the id of, or of a part of it. */
export const wholeAccountId = (parameter: string): string =>
  `coalesce((select account_id from account_parts where id = ${parameter}::uuid), ${parameter}::uuid)`;
