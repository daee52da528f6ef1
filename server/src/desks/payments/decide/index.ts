import { payments } from '@millrace/contract';
import type { Command, Decision, View } from '../../desk.ts';
import type { PaymentsChange, PaymentsRows } from '../rows.ts';
import type { PaymentsSettings } from '../settings.ts';
import { decideBonus, decideDeposit } from './money-in.ts';
import { decidePay } from './pay.ts';
import { decideTransfer } from './transfer.ts';
import { decideCancel, decideSend, decideSettle, decideWithdraw } from './withdrawal.ts';

type PaymentsKind = keyof typeof payments.kinds;

export const PAYMENTS_KINDS = Object.keys(payments.kinds) as readonly PaymentsKind[];

export function decidePayments(
  command: Command,
  view: View<PaymentsRows>,
  settings: PaymentsSettings,
): Decision<PaymentsChange> {
  const kind = command.kind as PaymentsKind;
  switch (kind) {
    case 'deposit':
      return decideDeposit(command, view, settings);
    case 'withdraw':
      return decideWithdraw(command, view, settings);
    case 'transfer':
      return decideTransfer(command, view, settings);
    case 'pay':
      return decidePay(command, view, settings);
    case 'cancel_withdrawal':
      return decideCancel(command, view);
    case 'grant_bonus':
      return decideBonus(command, view);
    case 'send_withdrawal':
      return decideSend(command, view);
    case 'settle_withdrawal':
      return decideSettle(command, view);
    default:
      throw new TypeError(`payments does not know ${kind satisfies never as string}`);
  }
}
