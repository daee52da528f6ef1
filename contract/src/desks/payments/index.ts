import type { DeskContract } from '../desk.ts';
import { PAYMENTS_EVENTS } from './events.ts';
import { PAYMENTS_KINDS } from './kinds.ts';
import { Merchant, MERCHANT_OPERATIONS, RegisterMerchant, UpdateMerchant } from './merchants.ts';
import { REPORT_OPERATIONS, ReportedOrder, WithdrawalReport } from './reports.ts';
import { PAYMENTS_VOCABULARY } from './vocabulary.ts';

export * from './merchants.ts';
export * from './reports.ts';

/** Money in and out, between users, and to merchants. */
export const payments = {
  name: 'payments',
  vocabulary: PAYMENTS_VOCABULARY,
  kinds: PAYMENTS_KINDS,
  events: PAYMENTS_EVENTS,
  channels: {},
  tags: { merchants: 'Who can be paid under a handle.', reports: 'What the outside reports, signed.' },
  operations: [...MERCHANT_OPERATIONS, ...REPORT_OPERATIONS],
  schemas: { Merchant, RegisterMerchant, ReportedOrder, UpdateMerchant, WithdrawalReport },
} as const satisfies DeskContract<typeof PAYMENTS_KINDS, typeof PAYMENTS_EVENTS>;
