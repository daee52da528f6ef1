import Type from 'typebox';
import type { ChannelEntry } from '../desks/desk.ts';
import { CHANNELS, channelName } from '../desks/index.ts';
import { Cursor, Time } from './common.ts';
import { EventEnvelope } from './events.ts';
import { Order } from './order.ts';
import { OrderRequest, OrderShape } from './orders.ts';
import { Problem } from './problem.ts';

const strict = { additionalProperties: false } as const;

/** Why a WebSocket was closed. 1000 to 2999 are those of RFC 6455. */
export const STREAM_CLOSE_CODES = {
  1001: 'The server is shutting down. Connect again and resume.',
  1002: 'What was sent is not the WebSocket protocol.',
  1007: 'A text frame was not UTF-8.',
  1008: 'Too many frames could not be understood, or one came in too many pieces.',
  1009: 'A frame was larger than 64 KiB.',
  1013: 'The event log cannot be read at the moment. Connect again later and resume.',
  4008: 'Slow consumer: the client did not read what was sent to it. Connect again and resume; nothing is lost.',
  4401: 'The session or key has ended, or its permissions have changed. Log in again, then resume.',
} as const;

const CHANNEL_NAMES = Object.entries<ChannelEntry>(CHANNELS).map(([kind, entry]) => `\`${channelName(kind, entry)}\``);

const Ref = Type.String({ minLength: 1, maxLength: 64, description: 'Of the client’s choice; the answer carries it.' });
const ChannelName = Type.String({
  minLength: 1,
  maxLength: 128,
  description: `${CHANNEL_NAMES.slice(0, -1).join(', ')} or ${CHANNEL_NAMES.at(-1)}.`,
});
const Position = Type.String({ description: 'Resuming with this cursor gives exactly what came after this frame.' });

export const SubscribeFrame = Type.Object(
  {
    op: Type.Literal('subscribe'),
    channel: ChannelName,
    after: Type.Optional(
      Type.String({ maxLength: 512, description: 'Cursor of the last frame that was handled. Absent: from now on.' }),
    ),
    ref: Type.Optional(Ref),
  },
  { ...strict, description: 'Follow a channel. A second one for the same channel replaces the first.' },
);

export const UnsubscribeFrame = Type.Object(
  { op: Type.Literal('unsubscribe'), channel: ChannelName, ref: Type.Optional(Ref) },
  { ...strict, description: 'Stop following a channel. Answered also where it was not followed.' },
);

/** What the edge itself asks of an `order` frame; intake validates the parameters by kind. */
export const OrderFrameShape = Type.Object(
  {
    op: Type.Literal('order'),
    ref: Ref,
    order: OrderShape,
    idempotency_key: Type.Optional(
      Type.String({ pattern: '^[!-~]{1,255}$', description: 'As the header `Idempotency-Key` of `POST /v1/orders`.' }),
    ),
  },
  strict,
);

export const OrderFrame = Type.Object(
  { ...OrderFrameShape.properties, order: OrderRequest },
  { ...strict, description: 'Place an order, as with `POST /v1/orders`. At most 256 may be under way on a socket.' },
);

export const PingFrame = Type.Object(
  { op: Type.Literal('ping'), ref: Type.Optional(Ref) },
  { ...strict, description: 'Ask for a `pong`: for clients that cannot send WebSocket pings.' },
);

export const SubscribedFrame = Type.Object(
  { op: Type.Literal('subscribed'), channel: ChannelName, cursor: Cursor, ref: Type.Optional(Ref) },
  { ...strict, description: 'The subscription begins behind `cursor`.' },
);

export const UnsubscribedFrame = Type.Object(
  { op: Type.Literal('unsubscribed'), channel: ChannelName, ref: Type.Optional(Ref) },
  strict,
);

export const EventFrame = Type.Object(
  { op: Type.Literal('event'), channel: ChannelName, cursor: Position, event: EventEnvelope },
  { ...strict, description: 'Something happened.' },
);

/** Why a subscription cannot go on where the client left off. */
export const ReloadReason = Type.Enum(['cursor_unknown', 'too_far_behind'], {
  description:
    'cursor_unknown: the cursor is not of this installation’s log, or is ahead of it. too_far_behind: there is more to ' +
    'catch up with than a socket is for, or events of old rejected orders behind the cursor were dropped.',
});

export const ReloadFrame = Type.Object(
  { op: Type.Literal('reload'), channel: ChannelName, cursor: Position, reason: ReloadReason },
  {
    ...strict,
    description: 'Events were left out: read the state again. The subscription goes on, behind `cursor`.',
  },
);

export const CursorFrame = Type.Object(
  { op: Type.Literal('cursor'), channel: ChannelName, cursor: Position },
  {
    ...strict,
    description: 'Nothing for this channel happened up to here. Sent now and then, so that a later resume is short.',
  },
);

export const EndedFrame = Type.Object(
  { op: Type.Literal('ended'), channel: ChannelName, cursor: Position },
  {
    ...strict,
    description:
      'The channel has ended, by the event before or before the subscription began: nothing more will come, and it is not followed any more.',
  },
);

export const ResultFrame = Type.Object(
  {
    op: Type.Literal('result'),
    ref: Ref,
    order: Order,
    replayed: Type.Optional(Type.Literal(true, { description: 'This is the first answer again.' })),
  },
  { ...strict, description: 'The order was decided and is durable.' },
);

export const PongFrame = Type.Object({ op: Type.Literal('pong'), ref: Type.Optional(Ref), time: Time }, strict);

export const ErrorFrame = Type.Object(
  { op: Type.Literal('error'), ref: Type.Optional(Ref), problem: Problem },
  { ...strict, description: 'A frame was refused. Nothing was done; the socket stays open.' },
);

/** Frames that clients send, by `op`. */
export const CLIENT_FRAMES = {
  subscribe: SubscribeFrame,
  unsubscribe: UnsubscribeFrame,
  order: OrderFrame,
  ping: PingFrame,
} as const;

/** Frames that the server sends, by `op`. */
export const SERVER_FRAMES = {
  subscribed: SubscribedFrame,
  unsubscribed: UnsubscribedFrame,
  event: EventFrame,
  reload: ReloadFrame,
  cursor: CursorFrame,
  ended: EndedFrame,
  result: ResultFrame,
  pong: PongFrame,
  error: ErrorFrame,
} as const;

export type SubscribeFrame = Type.Static<typeof SubscribeFrame>;
export type UnsubscribeFrame = Type.Static<typeof UnsubscribeFrame>;
export type OrderFrameShape = Type.Static<typeof OrderFrameShape>;
export type PingFrame = Type.Static<typeof PingFrame>;
export type ReloadReason = Type.Static<typeof ReloadReason>;
export type ServerFrame = {
  [Op in keyof typeof SERVER_FRAMES]: Type.Static<(typeof SERVER_FRAMES)[Op]>;
}[keyof typeof SERVER_FRAMES];
