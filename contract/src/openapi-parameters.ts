import type Type from 'typebox';
import { type JsonDocumentObject, schemaJson } from './openapi-schemas.ts';
import type { HeaderName, Operation } from './operations/operation.ts';

const REQUEST_HEADERS: Readonly<Record<HeaderName, { description: string; schema: JsonDocumentObject }>> = {
  'Idempotency-Key': {
    description:
      'Any text of the client’s choice: the same key and body act once, and get the first answer again, for 30 days (or as configured). Scope: user and operation.',
    schema: { type: 'string', pattern: '^[!-~]{1,255}$' },
  },
  Prefer: {
    description:
      '`respond-async`: answer 202 as soon as the order is durable. `wait=N`: wait at most N seconds (RFC 7240).',
    schema: { type: 'string', maxLength: 255 },
  },
  'Last-Event-ID': {
    description:
      'The cursor of the last event that the client saw; browsers send it when they reconnect. Takes precedence over `after`.',
    schema: { type: 'string', maxLength: 512 },
  },
};

const ACT_AS = {
  name: 'Millrace-Act-As',
  in: 'header',
  required: false,
  description: 'For services: the user, registered by this service, for whom the request is made.',
  schema: { type: 'string', pattern: '^usr_[0-9a-fA-F-]{36}$' },
};

const EXPECTED_USER = {
  name: 'Millrace-User',
  in: 'header',
  required: false,
  description:
    'The user whose session the caller believes this to be. A browser’s tabs share one cookie: a page says here whom it ' +
    'shows, and gets 409 `session_changed` where another tab has logged in as another user.',
  schema: { type: 'string', pattern: '^usr_[0-9a-fA-F-]{36}$' },
};

const SIGNED = [
  {
    name: 'webhook-id',
    in: 'header',
    required: true,
    description: 'Names the message: the same for each time that it is sent.',
    schema: { type: 'string', pattern: '^[!-~]{1,255}$' },
  },
  {
    name: 'webhook-timestamp',
    in: 'header',
    required: true,
    description: 'When this was signed, in seconds since 1970. It may be 5 minutes from the server’s time at most.',
    schema: { type: 'string', pattern: '^[0-9]{1,12}$' },
  },
];

/** Headers of answers. */
export const RESPONSE_HEADERS: JsonDocumentObject = {
  'X-Request-Id': { description: 'Names this request, in the server’s log too.', schema: { type: 'string' } },
  Location: { description: 'Where what was made can be read.', schema: { type: 'string' } },
  'Idempotent-Replayed': {
    description: '`true`: this is the first answer again; nothing was done now.',
    schema: { type: 'string', const: 'true' },
  },
  'Preference-Applied': { description: 'The preference that shaped the answer.', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds to wait before trying again.', schema: { type: 'string' } },
};

export function parametersOf(schema: Type.TObject | undefined, where: 'path' | 'query'): JsonDocumentObject[] {
  if (schema === undefined) return [];
  const required = new Set<string>((schema as { required?: string[] }).required ?? []);
  return Object.entries(schema.properties as Record<string, Type.TSchema>).map(([name, property]) => {
    const { description, ...rest } = schemaJson(property) as JsonDocumentObject;
    return {
      name,
      in: where,
      required: required.has(name),
      ...(description !== undefined && { description }),
      schema: rest,
    };
  });
}

export function headerParameters(operation: Operation): JsonDocumentObject[] {
  const headers: JsonDocumentObject[] = (operation.headers ?? []).map((name) => ({
    name,
    in: 'header',
    required: false,
    ...REQUEST_HEADERS[name],
  }));
  const { access } = operation;
  if (access === 'signature') headers.push(...SIGNED);
  if (typeof access === 'object') headers.push(EXPECTED_USER);
  if (typeof access === 'object' && access.roles.includes('service') && access.sessionOnly !== true)
    headers.push(ACT_AS);
  return headers;
}
