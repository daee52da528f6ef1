import type { KindName, ParamsOf } from '@millrace/contract';
import { textArray, uuidArray } from '../../db/arrays.ts';
import { parseId } from '../../core/ids.ts';
import type { Statement } from '../../db/transaction.ts';
import { type AccountKey, cashOf, outside } from '../../ledger/index.ts';
import type { Command, Loaded, Loader } from '../desk.ts';
import { readGroups, RowGroups } from '../kit/index.ts';
import { accountOf, holdOf, parsePayee, promotions } from './names.ts';
import { type MerchantRow, type PaymentsRows, pendingWithdrawals, receives } from './rows.ts';

const SELECT_USERS: Statement = {
  name: 'payments_select_users',
  text: `select u.id, ${receives('u')} as receives from users u where u.id = any($1::uuid[])`,
};
// In the batch, like the users, and not from a cache: a merchant that an operator has disabled is paid no more, whichever
// process decides. It shares the batch's round trip; batches that pay no merchant do not ask.
const SELECT_MERCHANTS: Statement = {
  name: 'payments_select_merchants',
  text: `select m.handle, m.owner_id, m.disabled_at is not null as disabled,
  u.id is not null and ${receives('u')} as owner_receives
from merchants m left join users u on u.id = m.owner_id where m.handle = any($1::text[])`,
};
const SELECT_HELD_ASSETS: Statement = {
  name: 'payments_select_held_assets',
  text: `select distinct a.asset from holds h join accounts a on a.id = h.account_id where h.id = any($1::uuid[])`,
};

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
 * Names the accounts, holds and orders, which the pipeline then locks. Nothing is locked here: that a user exists, and
 * in which asset a hold is, never changes; where a user is disabled while the batch runs, the money came before that.
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
  // A hold brings its own account along; what it is captured to has to be named.
  const [known, merchants, assets, pending] = await Promise.all([
    selectUsers(loader, named.users),
    selectMerchants(loader, named.merchants),
    selectHeldAssets(loader, holds),
    readGroups(loader, pendingWithdrawals, named.withdrawing),
  ]);
  for (const id of orders) {
    const asset = named.begun.get(id);
    if (asset !== undefined) assets.push(asset);
  }
  for (const asset of assets) named.accounts.add(outside(asset));
  for (const [handle, { ownerId }] of merchants) {
    if (ownerId === null) continue;
    for (const asset of named.merchants.get(handle) ?? []) named.accounts.add(cashOf(ownerId, asset));
  }
  return {
    rows: {
      ...known,
      merchants,
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

async function selectUsers(
  loader: Loader,
  ids: ReadonlySet<string>,
): Promise<Pick<PaymentsRows, 'users' | 'receivers'>> {
  if (ids.size === 0) return { users: ids, receivers: ids };
  const rows = await loader.select<{ id: string; receives: boolean }>(SELECT_USERS, [uuidArray([...ids])]);
  return {
    users: new Set(rows.map(({ id }) => id)),
    receivers: new Set(rows.filter(({ receives }) => receives).map(({ id }) => id)),
  };
}

interface MerchantRecord {
  handle: string;
  owner_id: string | null;
  owner_receives: boolean;
  disabled: boolean;
}

async function selectMerchants(
  loader: Loader,
  named: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<ReadonlyMap<string, MerchantRow>> {
  if (named.size === 0) return new Map();
  const records = await loader.select<MerchantRecord>(SELECT_MERCHANTS, [textArray([...named.keys()])]);
  return new Map(
    records.map(({ handle, owner_id: ownerId, owner_receives: ownerReceives, disabled }) => [
      handle,
      { ownerId, ownerReceives, disabled },
    ]),
  );
}

async function selectHeldAssets(loader: Loader, holds: readonly string[]): Promise<string[]> {
  if (holds.length === 0) return [];
  const rows = await loader.select<{ asset: string }>(SELECT_HELD_ASSETS, [uuidArray(holds)]);
  return rows.map(({ asset }) => asset);
}
