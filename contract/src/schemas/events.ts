import Type from 'typebox';
import { EVENTS, type EventType } from '../desks/index.ts';
import { Cursor, DeadLetterId, Limit, Names, OrderId, page, Time, UserId } from './common.ts';

const strict = { additionalProperties: false } as const;

const EventTypeName = Type.Enum(Object.keys(EVENTS) as EventType[], { description: 'See `/docs/events`.' });

/** An event on every wire: CloudEvents 1.0 in its JSON form. */
export const EventEnvelope = Type.Object(
  {
    specversion: Type.Literal('1.0'),
    id: Type.String({ description: '`<shard>-<sequence>`, unique within `source`.' }),
    source: Type.Literal('/millrace'),
    type: EventTypeName,
    subject: Type.String({ description: 'The id of what it is about.' }),
    time: Time,
    datacontenttype: Type.Literal('application/json'),
    data: Type.Object({}, { additionalProperties: true, description: 'By type: see `/docs/events`.' }),
  },
  { ...strict, description: 'A fact that was committed.' },
);

export const EventPage = page(EventEnvelope);

/** The caller's own events: each with what its ids are called. */
export const NotificationPage = page(
  Type.Object(
    { ...EventEnvelope.properties, names: Names },
    { ...strict, description: 'An event of one’s own, with the names that it does not carry.' },
  ),
);

/** The query of `GET /v1/events`. */
export const ListEvents = Type.Object(
  { after: Type.Optional(Cursor), limit: Type.Optional(Limit), type: Type.Optional(EventTypeName) },
  strict,
);

/** The query of `GET /v1/events/stream`. */
export const StreamEvents = Type.Object({ after: Type.Optional(Cursor) }, strict);

export const DeadLetter = Type.Object(
  {
    id: DeadLetterId,
    order_id: OrderId,
    kind: Type.String(),
    error: Type.String({ description: 'Why the command could not be decided.' }),
    created_at: Time,
    retried_at: Type.Union([Time, Type.Null()], { description: 'null: still waits for an operator.' }),
    user_id: Type.Union([UserId, Type.Null()], { description: 'Whose command; null for one of Millrace itself.' }),
    params: Type.Object({}, { additionalProperties: true, description: 'The command’s parameters.' }),
    names: Names,
    contradiction: Type.Boolean({
      description:
        'It says what cannot be true beside what is booked. A retry does nothing but close it: look at where the money is first.',
    }),
    outcome: Type.Union(
      [Type.Object({ status: Type.String(), reason: Type.Union([Type.String(), Type.Null()]) }, strict), Type.Null()],
      {
        description:
          'How the order stands since the retry; null before it. `unchanged`: nothing was done, since it was a contradiction.',
      },
    ),
  },
  { ...strict, description: 'A command that failed for a technical reason and waits for an operator.' },
);

export const DeadLetterPage = page(DeadLetter);

export const DeadLetterParams = Type.Object({ id: DeadLetterId }, strict);
