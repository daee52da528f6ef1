import Type from 'typebox';
import { AnyObject, OrderStatusName } from '../../schemas/common.ts';
import { type EventEntry, event } from '../desk.ts';
import { idOf, text } from '../fields.ts';

export const ENGINE_EVENTS = {
  order_processed: event({
    visibility: 'owner',
    subject: 'order',
    description: 'An order was decided, or its status changed.',
    data: {
      order_id: idOf('order', 'the order'),
      kind: text('its kind'),
      status: Type.Enum(OrderStatusName.enum, {
        description: 'pending, open, completed, rejected, canceled or failed',
      }),
      reason: Type.Union([Type.String(), Type.Null()], {
        description: 'why not, where there is a reason; else null',
      }),
      user_id: Type.Union([idOf('user', 'whose order'), Type.Null()], { description: 'whose order' }),
      result: AnyObject('what the order shows in `result`'),
    },
  }),
  dead_letter_added: event({
    visibility: 'operators',
    subject: 'order',
    description: 'A command or an errand came to a dead end and waits for an operator.',
    data: {
      dead_letter_id: idOf('deadLetter', 'the letter'),
      order_id: idOf('order', 'the command’s order, or the one that the errand is about'),
      kind: text('the kind of the command, or the name of the errand'),
    },
  }),
} as const satisfies Record<string, EventEntry>;
