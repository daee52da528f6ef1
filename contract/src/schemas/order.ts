import Type from 'typebox';
import { type Reason, REASONS } from '../desks/vocabulary.ts';
import { AnyObject, Names, OrderId, OrderStatusName, page, Time, UserId } from './common.ts';

// An order of any kind. It knows no kinds, so that the operations of a desk, of which the kinds are made, may answer with one.

const strict = { additionalProperties: false } as const;

export const ReasonName = Type.Union([Type.Enum(Object.keys(REASONS) as Reason[]), Type.Null()], {
  description: 'Why it was rejected, canceled or failed; null otherwise.',
});

export const Order = Type.Object(
  {
    id: OrderId,
    kind: Type.String(),
    status: OrderStatusName,
    reason: ReasonName,
    user_id: Type.Union([UserId, Type.Null()]),
    params: AnyObject(),
    result: AnyObject(),
    created_at: Time,
    updated_at: Time,
    names: Type.Optional(Names),
  },
  { ...strict, description: 'The durable record of what a user asked for, with its status.' },
);

export const OrderPage = page(Order);

export const OrderParams = Type.Object({ id: OrderId }, strict);
