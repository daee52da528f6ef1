import type Type from 'typebox';
import type { ChannelEntry, EventEntry } from './desks/desk.ts';
import { CHANNELS, channelName, EVENTS } from './desks/index.ts';
import { API_VERSION } from './openapi.ts';
import { componentSchemas, type JsonDocumentObject, schemaJson } from './openapi-schemas.ts';
import { CLIENT_FRAMES, SERVER_FRAMES, STREAM_CLOSE_CODES } from './schemas/stream.ts';

/** Which frames answer a client's frame. */
const REPLIES = {
  subscribe: ['subscribed', 'error'],
  unsubscribe: ['unsubscribed', 'error'],
  order: ['result', 'error'],
  ping: ['pong'],
} as const satisfies Record<keyof typeof CLIENT_FRAMES, readonly (keyof typeof SERVER_FRAMES)[]>;

const ref = (path: string): JsonDocumentObject => ({ $ref: `#/${path}` });

/** Members of several kinds told apart by a property: AsyncAPI names it by a string, OpenAPI by an object. */
function asAsyncApi(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asAsyncApi);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const name = key === 'discriminator' ? (member as { propertyName?: unknown }).propertyName : undefined;
      return [key, typeof name === 'string' ? name : asAsyncApi(member)];
    }),
  );
}

/** The named schemas that `roots` need, and those that these need. */
function neededSchemas(roots: readonly unknown[]): JsonDocumentObject {
  const all = componentSchemas();
  const needed = new Map<string, unknown>();
  const visit = (value: unknown): void => {
    for (const [, name] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name === undefined || needed.has(name)) continue;
      needed.set(name, asAsyncApi(all[name]));
      visit(all[name]);
    }
  };
  roots.forEach(visit);
  return Object.fromEntries([...needed].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function frameMessage(op: string, schema: Type.TSchema): JsonDocumentObject {
  const { description } = schema as { description?: string };
  return {
    name: op,
    title: `Frame \`${op}\``,
    ...(description !== undefined && { summary: description }),
    contentType: 'application/json',
    payload: asAsyncApi(schemaJson(schema)),
  };
}

function eventMessage(type: string, entry: EventEntry): JsonDocumentObject {
  return {
    name: type,
    title: `Event \`${type}\``,
    summary: entry.description,
    description: `About: ${entry.subject}. Seen by: ${entry.visibility}.`,
    contentType: 'application/json',
    payload: {
      allOf: [ref('components/schemas/Event'), { properties: { type: { const: type }, data: schemaJson(entry.data) } }],
    },
  };
}

function endOf({ closes = [] }: ChannelEntry): string {
  return closes.length === 0 ? '' : ` Ends with ${closes.map((type) => `\`${type}\``).join(' or ')}.`;
}

function channelText(): string {
  const lines = Object.entries(CHANNELS).map(
    ([kind, entry]: [string, ChannelEntry]) =>
      `- \`${channelName(kind, entry)}\`: ${entry.description}${entry.scope === null ? '' : ` Scope \`${entry.scope}\`.`}${endOf(entry)}`,
  );
  const codes = Object.entries(STREAM_CLOSE_CODES).map(([code, meaning]) => `- ${code}: ${meaning}`);
  return [
    'Frames are JSON objects, told apart by `op`. Channels that can be followed:',
    lines.join('\n'),
    'Codes with which the server closes:',
    codes.join('\n'),
  ].join('\n\n');
}

const WEBSOCKET_QUERY = {
  type: 'object',
  properties: {
    ticket: { type: 'string', description: 'A single-use ticket of `POST /v1/auth/ticket`.' },
    token: { type: 'string', description: 'A session’s token or an API key, where headers cannot be set.' },
  },
};

function channels(): JsonDocumentObject {
  const frames = [...Object.keys(CLIENT_FRAMES), ...Object.keys(SERVER_FRAMES)];
  return {
    stream: {
      address: '/v1/stream',
      title: 'WebSocket',
      description: channelText(),
      servers: [ref('servers/websocket')],
      messages: Object.fromEntries(frames.map((op) => [op, ref(`components/messages/${op}`)])),
      bindings: { ws: { method: 'GET', query: WEBSOCKET_QUERY, bindingVersion: '0.1.0' } },
    },
    events: {
      address: '/v1/events/stream',
      title: 'Server-sent events',
      description:
        'Own events, operators all. `id` is the cursor, `event` the type, `data` the event as JSON; `Last-Event-ID` resumes.',
      servers: [ref('servers/http')],
      messages: Object.fromEntries(Object.keys(EVENTS).map((type) => [type, ref(`components/messages/${type}`)])),
    },
  };
}

function operations(): JsonDocumentObject {
  const message = (op: string): JsonDocumentObject => ref(`channels/stream/messages/${op}`);
  const received = Object.entries(REPLIES).map(([op, replies]) => [
    op,
    {
      action: 'receive',
      channel: ref('channels/stream'),
      messages: [message(op)],
      reply: { channel: ref('channels/stream'), messages: replies.map(message) },
    },
  ]);
  const pushed = (['event', 'reload', 'cursor', 'ended'] as const).map((op) => [
    op,
    { action: 'send', channel: ref('channels/stream'), messages: [message(op)] },
  ]);
  const followed = {
    action: 'send',
    channel: ref('channels/events'),
    messages: Object.keys(EVENTS).map((type) => ref(`channels/events/messages/${type}`)),
  };
  return { ...Object.fromEntries([...received, ...pushed]), followEvents: followed };
}

/** The AsyncAPI 3.0 document of events and sockets: a pure function of the event catalogue and the frames' schemas. */
export function asyncApiDocument(): JsonDocumentObject {
  const messages = Object.fromEntries([
    ...Object.entries({ ...CLIENT_FRAMES, ...SERVER_FRAMES }).map(([op, schema]) => [op, frameMessage(op, schema)]),
    ...Object.entries(EVENTS).map(([type, entry]) => [type, eventMessage(type, entry)]),
  ]) as JsonDocumentObject;
  const security = [ref('components/securitySchemes/bearer')];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Millrace events',
      version: API_VERSION,
      description: 'What a client can follow and do over a socket. The HTTP API is described by `/openapi.json`.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      websocket: {
        host: 'localhost:3000',
        protocol: 'ws',
        description: 'Where Millrace listens by default.',
        security,
      },
      http: { host: 'localhost:3000', protocol: 'http', description: 'The same, over HTTP.', security },
    },
    channels: channels(),
    operations: operations(),
    components: {
      messages,
      schemas: neededSchemas([messages]),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description:
            'A session’s token (`mrs_…`) or an API key (`mrk_…`); on the WebSocket also as the subprotocol `bearer.<token>`.',
        },
      },
    },
  };
}
