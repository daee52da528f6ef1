import type { Desk } from '../desk.ts';
import { defineDesk, HeldAssets, type KindOfDesk, RowGroups, RowSet, Users } from '../kit/index.ts';
import { decideBonus, decideDeposit } from './decide/money-in.ts';
import { decidePay } from './decide/pay.ts';
import { decideTransfer } from './decide/transfer.ts';
import { decideCancel, decideSend, decideSettle, decideWithdraw } from './decide/withdrawal.ts';
import {
  accountsOutside,
  goingOn,
  namesBonus,
  namesDeposit,
  namesTransfer,
  namesWithdrawal,
  payment,
} from './naming.ts';
import { applyPayments, merchants, type PaymentsChange, type PaymentsRows, pendingWithdrawals } from './rows.ts';
import { type PaymentsOptions, type PaymentsSettings, paymentsSettings } from './settings.ts';

const payments = defineDesk<KindOfDesk<'payments'>, PaymentsRows, PaymentsChange, PaymentsSettings>({
  name: 'payments',
  rows: () => ({
    users: new Users(),
    merchants: new RowSet(merchants),
    heldAssets: new HeldAssets(),
    pending: new RowGroups(pendingWithdrawals),
    begun: new Map(),
  }),
  kinds: {
    deposit: { names: namesDeposit, decide: decideDeposit },
    withdraw: { names: namesWithdrawal, decide: decideWithdraw },
    transfer: { names: namesTransfer, decide: decideTransfer },
    pay: { ...payment, decide: decidePay },
    cancel_withdrawal: { ...goingOn, decide: decideCancel },
    grant_bonus: { names: namesBonus, decide: decideBonus },
    send_withdrawal: { ...goingOn, decide: decideSend },
    settle_withdrawal: { ...goingOn, decide: decideSettle },
  },
  accounts: accountsOutside,
  apply: applyPayments,
});

/**
 * Money that comes in, goes out, and goes from one to another. Withdrawals are the one kind that waits for the
 * outside: their money is held until the bank has answered. The rules are at each decision, under `decide/`.
 *
 * @throws RangeError where a limit is no decimal string.
 */
export function createPaymentsDesk(options: PaymentsOptions): Desk<PaymentsRows, PaymentsChange> {
  return payments(paymentsSettings(options));
}
