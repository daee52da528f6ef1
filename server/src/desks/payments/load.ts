import { type AccountKey, cashOf, holdOf, outside } from '../../ledger/index.ts';
import type { Command, Loaded, Loader } from '../desk.ts';
import {
  byKind,
  type ByKind,
  type CommandOf,
  type KindOfDesk,
  readGroups,
  readHeldAssets,
  readRows,
  readUsers,
  RowGroups,
  RowSet,
  uuidIn,
} from '../kit/index.ts';
import { accountOf, parsePayee, promotions } from './names.ts';
import { merchants, type PaymentsRows, pendingWithdrawals } from './rows.ts';

/** What the commands of a batch name. */
interface Named {
  users: Set<string>;
  /** Merchants by handle, with the assets that they are paid in. */
  merchants: Map<string, Set<string>>;
  accounts: Set<AccountKey>;
  /** Withdrawals that go on. */
  orders: Set<string>;
  /** The assets of withdrawals that begin in this batch, by order. */
  begun: Map<string, string>;
  /** Who withdraws. */
  withdrawing: Set<string>;
}

/**
 * Names the accounts, holds and orders, which the pipeline then locks. Nothing is locked here: where a user or a merchant is
 * disabled while the batch runs, the money came before that.
 */
export async function loadPayments(
  loader: Loader,
  commands: readonly Command[],
  currency: string,
): Promise<Loaded<PaymentsRows>> {
  const named: Named = {
    users: new Set(),
    merchants: new Map(),
    accounts: new Set(),
    orders: new Set(),
    begun: new Map(),
    withdrawing: new Set(),
  };
  for (const command of commands) nameRows(command, named, currency);
  loader.lockEarly([...named.accounts]);
  const orders = [...named.orders];
  const holds = orders.map(holdOf);
  const [users, registered, assets, pending] = await Promise.all([
    readUsers(loader, named.users),
    readRows(loader, merchants, named.merchants.keys()),
    readHeldAssets(loader, holds),
    readGroups(loader, pendingWithdrawals, named.withdrawing),
  ]);
  for (const id of orders) {
    const asset = named.begun.get(id);
    if (asset !== undefined) assets.push(asset);
  }
  for (const asset of assets) named.accounts.add(outside(asset));
  for (const { handle, ownerId } of registered) {
    if (ownerId === null) continue;
    for (const asset of named.merchants.get(handle) ?? []) named.accounts.add(cashOf(ownerId, asset));
  }
  return {
    rows: {
      users,
      merchants: new RowSet(merchants, registered),
      pending: new RowGroups(pendingWithdrawals).knowAll(named.withdrawing, pending),
    },
    accounts: [...named.accounts],
    holds,
    orders,
  };
}

function addCash({ accounts }: Named, userId: string | null, asset: string): void {
  if (userId !== null) accounts.add(cashOf(userId, asset));
}

const goesOn = (
  { params }: CommandOf<'cancel_withdrawal' | 'send_withdrawal' | 'settle_withdrawal'>,
  { orders }: Named,
): void => void orders.add(uuidIn('order', params.order_id));

const NAMES: ByKind<KindOfDesk<'payments'>, [named: Named, currency: string], void> = {
  deposit({ userId, params: { asset } }, named) {
    addCash(named, userId, asset);
    named.accounts.add(outside(asset));
  },
  withdraw({ id, userId, params: { asset } }, named) {
    named.begun.set(id, asset);
    if (userId !== null) named.withdrawing.add(userId);
    addCash(named, userId, asset);
  },
  transfer({ userId, params: { to_user, asset } }, named) {
    const receiver = uuidIn('user', to_user);
    named.users.add(receiver);
    addCash(named, userId, asset);
    addCash(named, receiver, asset);
  },
  pay({ userId, params: { merchant, asset: code } }, named, currency) {
    const asset = code ?? currency;
    addCash(named, userId, asset);
    const payee = parsePayee(merchant);
    if (!payee) return;
    if (payee.userId !== null) named.users.add(payee.userId);
    else named.merchants.set(payee.name, (named.merchants.get(payee.name) ?? new Set()).add(asset));
    // A merchant's own: one that has an owner has none, and nothing is locked for it.
    named.accounts.add(accountOf(payee, asset));
  },
  grant_bonus({ params: { user_id, asset } }, named) {
    const userId = uuidIn('user', user_id);
    named.users.add(userId);
    addCash(named, userId, asset);
    named.accounts.add(promotions(asset));
  },
  cancel_withdrawal: goesOn,
  send_withdrawal: goesOn,
  settle_withdrawal: goesOn,
};
const nameRows = byKind(NAMES);
