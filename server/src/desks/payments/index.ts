import type { payments } from '@millrace/contract';
import { formatId } from '../../core/ids.ts';
import { NO_GATEWAY } from '../gateway.ts';
import type { DeskModule } from '../module.ts';
import { PAYMENTS_CHECKS } from './checks.ts';
import { PAYMENTS_DEMO } from './demo.ts';
import { createPaymentsDesk } from './desk.ts';
import { settlementName } from './names.ts';
import { PAYMENTS_OVERDUE } from './overdue.ts';
import { createWithdrawalReport, createWithdrawErrand } from './outside.ts';
import { paymentsResources } from './resources.ts';
import { PAYMENTS_CONFIG } from './settings.ts';

export { createPaymentsDesk } from './desk.ts';
export { createWithdrawErrand } from './outside.ts';
export type { PaymentsChange, PaymentsRows } from './rows.ts';
export type { PaymentsOptions } from './settings.ts';

/** Money that comes in, goes out, and goes from one to another. */
export const PAYMENTS = {
  options: PAYMENTS_CONFIG,
  named: [{ field: 'merchant', sql: 'select handle as id, name from merchants where handle = any($1::text[])' }],
  movedBy: { withdraw: (orderId) => [settlementName(orderId)] },
  // A withdrawal's money leaves by the command that settles it.
  lines: {
    orders: {
      withdrawal: "select coalesce(substr(o.params->>'order_id', 5)::uuid, o.id) from orders o where o.id = t.order_id",
    },
  },
  grant: {
    kind: 'grant_bonus',
    paramsOf: ({ userId, asset, amount }) => ({ user_id: formatId('user', userId), asset, amount }),
  },
  demo: PAYMENTS_DEMO,
  checks: PAYMENTS_CHECKS,
  overdue: PAYMENTS_OVERDUE,
  create: (context) => ({
    desk: createPaymentsDesk({
      ...context.config,
      currency: context.assets.currency,
      gateway: context.gateway !== null,
      deposits: context.gateway?.isPlayMoney === true,
    }),
    resources: paymentsResources(context),
    errands: [createWithdrawErrand(context.gateway ?? NO_GATEWAY)],
    reports: { reportWithdrawal: createWithdrawalReport(context.config.gatewaySecrets) },
  }),
} as const satisfies DeskModule<typeof payments, typeof PAYMENTS_CONFIG>;
