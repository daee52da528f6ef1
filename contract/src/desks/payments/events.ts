import Type from 'typebox';
import { type EventEntry, event } from '../desk.ts';
import { amountOf, count, idOf, text } from '../fields.ts';

const money = { asset: text('asset'), amount: amountOf('amount') };
const ofUser = { visibility: 'owner', subject: 'user' } as const;
const ofOrder = { visibility: 'owner', subject: 'order' } as const;
const withdrawal = { order_id: idOf('order', 'the order'), user_id: idOf('user', 'who'), ...money };
const payment = {
  order_id: idOf('order', 'the order'),
  user_id: idOf('user', 'who pays'),
  merchant: text('who is paid'),
};

export const PAYMENTS_EVENTS = {
  deposit_received: event({
    ...ofUser,
    description: 'Money came in from outside.',
    data: { user_id: idOf('user', 'who'), ...money, order_id: idOf('order', 'the order') },
  }),
  bonus_granted: event({
    ...ofUser,
    description: 'A starting balance was granted.',
    data: { user_id: idOf('user', 'who'), ...money },
  }),
  transfer_received: event({
    ...ofUser,
    description: 'Another user sent money.',
    data: { user_id: idOf('user', 'the receiver'), ...money, order_id: idOf('order', 'the order') },
  }),
  withdrawal_requested: event({
    ...ofOrder,
    description: 'Money for a withdrawal was set aside.',
    data: withdrawal,
  }),
  withdrawal_sent: event({
    ...ofOrder,
    description:
      'The withdrawal is about to be handed to the bank, which may have it from now on; it can no longer be canceled.',
    data: withdrawal,
  }),
  withdrawal_settled: event({
    ...ofOrder,
    description: 'The bank answered.',
    data: { ...withdrawal, approved: Type.Boolean({ description: 'whether the money left' }) },
  }),
  payment_processed: event({
    ...ofOrder,
    description: 'Stage one of a payment: the price was computed.',
    data: {
      ...payment,
      item: text('what'),
      quantity: count('how many'),
      amount: amountOf('quantity × price'),
      asset: text('asset'),
    },
  }),
  payment_paid: event({
    ...ofOrder,
    description: 'Stage two: the money went to the merchant.',
    data: { ...payment, amount: amountOf('amount'), asset: text('asset') },
  }),
  payment_finalized: event({
    ...ofOrder,
    description: 'Stage three: the payment is final.',
    data: { ...payment, amount: amountOf('amount'), asset: text('asset') },
  }),
} as const satisfies Record<string, EventEntry>;
