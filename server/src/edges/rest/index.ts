import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import { type DeskOperationId, type Operation, OPERATIONS, type OperationId } from '@millrace/contract';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { addressKey, LOOPBACK } from '../../intake/identity/index.ts';
import { clientAddressOf } from '../proxies.ts';
import { createAccessControl } from './access.ts';
import { auditOf } from './audit.ts';
import { accountHandlers } from './handlers/accounts.ts';
import { reportHandlers, resourceHandlers } from './handlers/desk-operations.ts';
import { eventHandlers } from './handlers/events.ts';
import type { Handler } from './handlers/handler.ts';
import { identityHandlers } from './handlers/identity.ts';
import { installationHandlers, systemHandlers } from './handlers/installation.ts';
import { operatorHandlers } from './handlers/operators.ts';
import { orderHandlers } from './handlers/orders.ts';
import { AUTH_ADDRESSES_MAX, AUTH_REQUESTS_PER_MINUTE, LOOPBACK_FACTOR } from './limits.ts';
import { PAGE_PREFIXES, registerPages } from './pages/index.ts';
import { requestError } from './problems.ts';
import { registerOperations } from './routes.ts';
import type { RestOptions, RestServices } from './services.ts';

export { closeHttpServer, createHttpServer, type HttpServerOptions } from './server.ts';
export { isAllowedOrigin, sessionCookieOf } from './request-headers.ts';
export type * from './services.ts';

/** Operations that cost a hashed password each. */
const HASHING: ReadonlySet<OperationId> = new Set<OperationId>(['register', 'logIn', 'resetPassword']);

/** Answers to preflights are kept by browsers for as long as they do at most. */
const PREFLIGHT_SECONDS = 7200;

const EXPOSED_HEADERS = ['X-Request-Id', 'Location', 'Idempotent-Replayed', 'Preference-Applied', 'Retry-After'];

/**
 * The HTTP API as a plugin for `createHttpServer`'s instance: every operation of the contract with its handler. Fails
 * at start where one has none, or where there is a route that the contract does not list.
 */
export function createRestEdge(services: RestServices, options: RestOptions): (app: FastifyInstance) => Promise<void> {
  const access = createAccessControl(services, options);
  const own: Readonly<Record<Exclude<OperationId, DeskOperationId>, Handler>> = {
    ...identityHandlers(services, access),
    ...accountHandlers(services),
    ...orderHandlers(services),
    ...eventHandlers(services),
    ...operatorHandlers(services),
    ...reportHandlers(services),
    ...installationHandlers(services),
    ...systemHandlers(services, options),
  };
  const handlers = { ...own, ...resourceHandlers(services.resources, services.intake) };
  const both = Object.keys(services.resources).find((id) => Object.hasOwn(own, id));
  if (both !== undefined) throw new Error(`a desk answers ${both}, which this edge does itself`);
  return async (app) => {
    if (options.allowedOrigins && options.allowedOrigins.length > 0) {
      const origin = [...options.allowedOrigins];
      await app.register(cors, {
        origin,
        credentials: true,
        maxAge: PREFLIGHT_SECONDS,
        exposedHeaders: EXPOSED_HEADERS,
        methods: ['GET', 'POST', 'PATCH', 'DELETE'],
      });
    }
    await app.register(rateLimit, { global: false, cache: AUTH_ADDRESSES_MAX });
    const limit = hashingLimit(app, options);
    const extend = (operation: Operation & { operationId: OperationId }): Partial<RouteOptions> => ({
      ...limit(operation),
      ...auditOf(operation, services.identity),
    });
    registerOperations(app, { operations: OPERATIONS, handlers, access, extend }, PAGE_PREFIXES);
    await app.register(registerPages);
  };
}

/** One limit for both: what is bounded is the hashing. */
function hashingLimit(app: FastifyInstance, { authRequestsPerMinute = AUTH_REQUESTS_PER_MINUTE }: RestOptions) {
  const onRequest = app.rateLimit({
    timeWindow: 60_000,
    max: (_request, key) => (key === LOOPBACK ? authRequestsPerMinute * LOOPBACK_FACTOR : authRequestsPerMinute),
    keyGenerator: (request) => addressKey(clientAddressOf(request)),
    errorResponseBuilder: (_request, { ttl }) =>
      requestError('rate_limited', 'There were too many requests from this address.', {
        retryAfterSeconds: Math.ceil(ttl / 1000),
      }),
  });
  return ({ operationId }: Operation & { operationId: OperationId }): Partial<RouteOptions> =>
    HASHING.has(operationId) ? { onRequest } : {};
}
