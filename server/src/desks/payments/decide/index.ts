import type { Decision, View } from '../../desk.ts';
import { byKind, type ByKind, type KindOfDesk } from '../../kit/index.ts';
import type { PaymentsChange, PaymentsRows } from '../rows.ts';
import type { PaymentsSettings } from '../settings.ts';
import { decideBonus, decideDeposit } from './money-in.ts';
import { decidePay } from './pay.ts';
import { decideTransfer } from './transfer.ts';
import { decideCancel, decideSend, decideSettle, decideWithdraw } from './withdrawal.ts';

type Context = [view: View<PaymentsRows>, settings: PaymentsSettings];

const DECISIONS: ByKind<KindOfDesk<'payments'>, Context, Decision<PaymentsChange>> = {
  deposit: decideDeposit,
  withdraw: decideWithdraw,
  transfer: decideTransfer,
  pay: decidePay,
  cancel_withdrawal: decideCancel,
  grant_bonus: decideBonus,
  send_withdrawal: decideSend,
  settle_withdrawal: decideSettle,
};

export const PAYMENTS_KINDS = Object.keys(DECISIONS);
export const decidePayments = byKind(DECISIONS);
