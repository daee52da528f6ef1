import Type from 'typebox';
import {
  DeadLetterPage,
  DeadLetterParams,
  EventPage,
  NotificationPage,
  ListEvents,
  StreamEvents,
} from '../schemas/events.ts';
import { ListPlain } from '../schemas/lists.ts';
import { Order } from '../schemas/order.ts';
import { EVERYBODY } from '../roles.ts';
import type { Operation } from './operation.ts';

const read = { scope: 'orders:read', roles: EVERYBODY } as const;
const operate = { scope: 'operate', roles: ['operator'] } as const;

export const EVENT_OPERATIONS = [
  {
    operationId: 'listEvents',
    method: 'GET',
    path: '/v1/events',
    tag: 'events',
    summary: 'Read events after a cursor',
    description:
      'Own events, oldest first; operators see all. The same cursor works in the event stream and on the WebSocket.',
    access: read,
    query: ListEvents,
    responses: { 200: { description: 'A page of events.', schema: EventPage } },
    errors: ['invalid_cursor'],
  },
  {
    operationId: 'streamEvents',
    method: 'GET',
    path: '/v1/events/stream',
    tag: 'events',
    summary: 'Follow events (server-sent events)',
    description:
      'First what came after the cursor (`after`, or `Last-Event-ID` when a browser reconnects), then each event as it is ' +
      'committed. Each has its cursor in `id`, its type in `event`, and the event as JSON in `data`.',
    access: read,
    query: StreamEvents,
    headers: ['Last-Event-ID'],
    responses: {
      200: {
        description: 'Events, until the client disconnects.',
        schema: Type.String(),
        mediaType: 'text/event-stream',
      },
    },
    errors: ['invalid_cursor', 'overloaded'],
    streaming: true,
  },
  {
    operationId: 'listNotifications',
    method: 'GET',
    path: '/v1/notifications',
    tag: 'events',
    summary: 'Read your own events, newest first',
    description:
      'What has happened to the caller, for a history that begins with the newest. Operators too see their own only.',
    access: read,
    query: ListPlain,
    responses: { 200: { description: 'A page of events.', schema: NotificationPage } },
    errors: ['invalid_cursor'],
  },
  {
    operationId: 'listDeadLetters',
    method: 'GET',
    path: '/v1/dead-letters',
    tag: 'operators',
    summary: 'List dead letters',
    description: 'Commands that failed for a technical reason, newest first.',
    access: operate,
    query: ListPlain,
    responses: { 200: { description: 'A page of dead letters.', schema: DeadLetterPage } },
    errors: ['invalid_cursor'],
  },
  {
    operationId: 'retryDeadLetter',
    method: 'POST',
    path: '/v1/dead-letters/{id}/retry',
    tag: 'operators',
    summary: 'Retry a dead letter',
    description:
      'Runs the command again under its order’s id, so that it acts once. Of a contradiction nothing is run: it is closed, and answered with ' +
      'the order that it is about.',
    access: operate,
    params: DeadLetterParams,
    responses: { 200: { description: 'The order, as it is after the retry.', schema: Order } },
    errors: ['dead_letter_closed'],
  },
] as const satisfies readonly Operation[];
