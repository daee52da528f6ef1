import Type from 'typebox';
import { Amount, AssetCode, Decimal, OrderId, readable, UserId } from '../../schemas/common.ts';
import { command, internal, type Kind, order } from '../desk.ts';

const MerchantName = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$',
  description: 'The handle of a registered merchant, or a user’s id.',
});

const money = { asset: AssetCode, amount: Decimal };

export const PAYMENTS_KINDS = {
  deposit: order({
    description: 'Bring money in from outside (simulated).',
    asked: '{amount} {asset} was to come in.',
    params: { asset: AssetCode, amount: Amount },
    result: money,
    orderedBy: 'user',
    movesMoney: true,
  }),
  withdraw: order({
    description: 'Send money outside. Pending until the bank has answered.',
    asked: '{amount} {asset} was to be sent outside.',
    params: { asset: AssetCode, amount: Amount },
    result: { ...money, stage: Type.Enum(['requested', 'sent', 'settled']) },
    orderedBy: 'user',
    // Its money moves when the bank has answered, under the command that says so.
    movesMoney: false,
    canceledBy: 'cancel_withdrawal',
    waitsFor: {
      requested: 'The withdrawal has to be handed to the bank.',
      // Only the bank knows whether it has paid: however late its answer comes, nothing else ends a withdrawal.
      sent: 'The bank has the withdrawal and has to answer.',
    },
  }),
  transfer: order({
    description: 'Send money to another user.',
    asked: '{amount} {asset} was to go to {to_user}.',
    params: { to_user: UserId, asset: AssetCode, amount: Amount },
    result: { ...money, to_user: UserId },
    orderedBy: 'user',
    movesMoney: true,
  }),
  pay: order({
    description: 'Pay a merchant for a number of items.',
    asked: '{merchant} was to be paid for {quantity} × {item} at {price} {asset}.',
    params: {
      merchant: MerchantName,
      item: readable({ maxLength: 200 }),
      quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
      price: Amount,
      asset: Type.Optional(AssetCode),
    },
    result: { ...money, merchant: Type.String(), stage: Type.Enum(['finalized']) },
    orderedBy: 'user',
    movesMoney: true,
  }),
  cancel_withdrawal: command({
    description: 'Cancel an order (`POST /v1/orders/:id/cancel`).',
    asked: 'The order {order_id} was to be canceled.',
    params: { order_id: OrderId },
    orderedBy: 'order',
    movesMoney: false,
  }),
  grant_bonus: internal({
    description: 'The starting balance of a new user.',
    asked: 'A starting balance of {amount} {asset} was to be given.',
    params: { user_id: UserId, asset: AssetCode, amount: Amount },
    orderedBy: { parameter: 'user_id' },
    startedBy: 'new user',
    movesMoney: true,
  }),
  send_withdrawal: internal({
    description: 'A withdrawal is about to be handed to the bank.',
    asked: 'The withdrawal {order_id} was to be handed to the bank.',
    params: {
      order_id: OrderId,
      gateway: Type.Optional(
        Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$', description: 'Which one is given it, and no other.' }),
      ),
    },
    orderedBy: 'order',
    startedBy: 'errand',
    movesMoney: false,
  }),
  settle_withdrawal: internal({
    description: 'The bank has answered.',
    asked: 'What the bank has answered to the withdrawal {order_id} was to be recorded.',
    params: {
      order_id: OrderId,
      approved: Type.Boolean(),
      reason: Type.Optional(Type.String({ maxLength: 64 })),
    },
    orderedBy: 'order',
    startedBy: 'errand',
    movesMoney: false,
  }),
} as const satisfies Record<string, Kind>;
