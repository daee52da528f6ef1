import { ERRORS } from './errors.ts';
import { OPERATIONS, type Operation, TAGS } from './operations/index.ts';
import { headerParameters, parametersOf, RESPONSE_HEADERS } from './openapi-parameters.ts';
import { problemResponses } from './openapi-problems.ts';
import { componentSchemas, schemaJson } from './openapi-schemas.ts';
import type { JsonDocumentObject } from './openapi-schemas.ts';

/** The version of the HTTP API, in its documents. */
export const API_VERSION = '0.1.0';

function bodyOf(operation: Operation): JsonDocumentObject {
  if (operation.body === undefined) return {};
  return { requestBody: { required: true, content: { 'application/json': { schema: schemaJson(operation.body) } } } };
}

function responsesOf(operation: Operation): JsonDocumentObject {
  const answers: JsonDocumentObject = {};
  for (const [status, response] of Object.entries(operation.responses)) {
    const names = ['X-Request-Id', ...(response.headers ?? [])];
    answers[status] = {
      description: response.description,
      headers: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
      ...(response.schema && {
        content: { [response.mediaType ?? 'application/json']: { schema: schemaJson(response.schema) } },
      }),
    };
  }
  // Readiness answers 503 with its checks, not with a problem.
  return { ...problemResponses(operation), ...answers };
}

function accessOf({ access }: Operation): JsonDocumentObject {
  if (access === 'public') return { security: [] };
  if (access === 'metrics') return { security: [{ metricsToken: [] }, {}] };
  if (access === 'signature') return { security: [{ signature: [] }] };
  return {
    security: access.sessionOnly
      ? [{ session: [] }, { cookie: [] }]
      : [{ session: [] }, { cookie: [] }, { apiKey: [] }],
    'x-millrace-scope': access.scope,
    'x-millrace-roles': [...access.roles],
    'x-millrace-session-only': access.sessionOnly === true,
  };
}

function operationJson(operation: Operation): JsonDocumentObject {
  const parameters = [
    ...parametersOf(operation.params, 'path'),
    ...parametersOf(operation.query, 'query'),
    ...headerParameters(operation),
  ];
  return {
    operationId: operation.operationId,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.description !== undefined && { description: operation.description }),
    ...accessOf(operation),
    ...(parameters.length > 0 && { parameters }),
    ...bodyOf(operation),
    responses: responsesOf(operation),
  };
}

function pathsOf(operations: readonly Operation[]): JsonDocumentObject {
  const paths: Record<string, JsonDocumentObject> = {};
  for (const operation of operations) {
    const path = (paths[operation.path] ??= {});
    path[operation.method.toLowerCase()] = operationJson(operation);
  }
  return paths;
}

const SECURITY_SCHEMES = {
  session: { type: 'http', scheme: 'bearer', description: 'A session’s token: `Authorization: Bearer mrs_…`.' },
  apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `Authorization: Bearer mrk_…`.' },
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'millrace_session',
    description: 'The session of a browser. Requests that change something must come from an allowed origin.',
  },
  metricsToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'The token that the installation configures for `/metrics`.',
  },
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description:
      'As the Standard Webhooks specification has it: `v1,` and the base64 of the HMAC-SHA-256 of `<webhook-id>.<webhook-timestamp>.<body>`, ' +
      'over the bytes of the body as they are sent, under one of the secrets that were agreed on (`whsec_…`). Several are separated by spaces; one of them has to match.',
  },
};

/** The OpenAPI 3.1 document of the HTTP API: a pure function of the operations, their schemas and the error registry. */
export function openApiDocument(operations: readonly Operation[] = OPERATIONS): JsonDocumentObject {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Millrace',
      version: API_VERSION,
      summary: 'A self-hosted order engine for money.',
      description:
        'Amounts are decimal strings, ids are prefixed, times are RFC 3339 in UTC. Every error is `application/problem+json` ' +
        `with one of ${Object.keys(ERRORS).length} codes, each explained under \`/docs/errors/\`. Events are described under \`/docs/events\`.`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: pathsOf(operations),
    components: { schemas: componentSchemas(), headers: RESPONSE_HEADERS, securitySchemes: SECURITY_SCHEMES },
  };
}
