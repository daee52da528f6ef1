import type { DeskContract } from '../desk.ts';
import { PAYMENTS_EVENTS } from './events.ts';
import { PAYMENTS_KINDS } from './kinds.ts';
import { MERCHANT_OPERATIONS } from './merchants.ts';
import { PAYMENTS_VOCABULARY } from './vocabulary.ts';

export * from './merchants.ts';

/** Money in and out, between users, and to merchants. */
export const payments = {
  name: 'payments',
  vocabulary: PAYMENTS_VOCABULARY,
  kinds: PAYMENTS_KINDS,
  events: PAYMENTS_EVENTS,
  channels: {},
  tags: { merchants: 'Who can be paid under a handle.' },
  operations: MERCHANT_OPERATIONS,
  schemas: {},
} as const satisfies DeskContract<typeof PAYMENTS_KINDS, typeof PAYMENTS_EVENTS>;
