import type { KindName, ParamsOf } from '@millrace/contract';
import { parseId } from '../../core/ids.ts';
import { type AccountKey, cashOf, outside } from '../../ledger/index.ts';
import type { Command, Loaded, Loader } from '../desk.ts';
import { readGroups, readHeldAssets, readRows, readUsers, RowGroups, RowSet } from '../kit/index.ts';
import { accountOf, holdOf, parsePayee, promotions } from './names.ts';
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
  for (const command of commands) nameRows(named, command, currency);
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

function nameRows(
  { users, merchants, accounts, orders, begun, withdrawing }: Named,
  command: Command,
  currency: string,
): void {
  const cash = (userId: string | null, asset: string): void => {
    if (userId !== null) accounts.add(cashOf(userId, asset));
  };
  switch (command.kind as KindName) {
    case 'deposit': {
      const { asset } = command.params as ParamsOf<'deposit'>;
      cash(command.userId, asset);
      accounts.add(outside(asset));
      return;
    }
    case 'withdraw': {
      const { asset } = command.params as ParamsOf<'withdraw'>;
      begun.set(command.id, asset);
      if (command.userId !== null) withdrawing.add(command.userId);
      return cash(command.userId, asset);
    }
    case 'transfer': {
      const { to_user, asset } = command.params as ParamsOf<'transfer'>;
      const receiver = parseId('user', to_user) as string;
      users.add(receiver);
      cash(command.userId, asset);
      return cash(receiver, asset);
    }
    case 'pay': {
      const { merchant: text, asset = currency } = command.params as ParamsOf<'pay'>;
      cash(command.userId, asset);
      const payee = parsePayee(text);
      if (!payee) return;
      if (payee.userId === null) merchants.set(payee.name, (merchants.get(payee.name) ?? new Set()).add(asset));
      else users.add(payee.userId);
      // A merchant's own: one that has an owner has none, and nothing is locked for it.
      accounts.add(accountOf(payee, asset));
      return;
    }
    case 'grant_bonus': {
      const { user_id, asset } = command.params as ParamsOf<'grant_bonus'>;
      const userId = parseId('user', user_id) as string;
      users.add(userId);
      cash(userId, asset);
      accounts.add(promotions(asset));
      return;
    }
    case 'cancel_withdrawal':
    case 'send_withdrawal':
    case 'settle_withdrawal':
      orders.add(parseId('order', (command.params as ParamsOf<'send_withdrawal'>).order_id) as string);
      return;
    default:
      throw new TypeError(`payments does not know ${command.kind}`);
  }
}
