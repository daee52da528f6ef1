import { BODY_LIMIT_BYTES, type Operation, type OperationId } from '@millrace/contract';
import type { FastifyInstance, RouteOptions } from 'fastify';
import type { AccessControl } from './access.ts';
import type { Handler } from './handlers/handler.ts';
import { type Check, checksOf, type Part, schemasOf } from './request-input.ts';

export interface OperationRoutes {
  operations: readonly (Operation & { operationId: OperationId })[];
  handlers: Readonly<Partial<Record<OperationId, Handler>>>;
  access: AccessControl;
  /** More options of a route, such as a limit of its own. */
  extend?: (operation: Operation & { operationId: OperationId }) => Partial<RouteOptions>;
}

/** `/v1/orders/{id}` → `/v1/orders/:id` */
function routeUrl(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

/**
 * Makes every operation a route, and refuses to start where the list and the handlers do not match, or where another
 * route than the operations' and the pages' (below one of `pagePrefixes`) turns up on this instance.
 */
export function registerOperations(
  app: FastifyInstance,
  routes: OperationRoutes,
  pagePrefixes: readonly string[],
): void {
  const { operations, handlers } = routes;
  const listed = new Set(operations.map(({ method, path }) => `${method} ${routeUrl(path)}`));
  const ids = new Set<string>(operations.map(({ operationId }) => operationId));
  const missing = [...ids].filter((id) => !Object.hasOwn(handlers, id));
  if (missing.length > 0) throw new Error(`operations without a handler: ${missing.join(', ')}`);
  const unknown = Object.keys(handlers).filter((id) => !ids.has(id));
  if (unknown.length > 0) throw new Error(`handlers of unlisted operations: ${unknown.join(', ')}`);
  app.addHook('onRoute', ({ method, url }) => {
    for (const name of [method].flat()) {
      const isListed = listed.has(`${name} ${url}`) || (name === 'HEAD' && listed.has(`GET ${url}`));
      if (!isListed && !pagePrefixes.some((prefix) => url === prefix || url.startsWith(`${prefix}/`))) {
        throw new Error(`the route ${name} ${url} is not in the list of operations`);
      }
    }
  });
  for (const operation of operations) registerOperation(app, operation, routes);
}

function registerOperation(
  app: FastifyInstance,
  operation: OperationRoutes['operations'][number],
  routes: OperationRoutes,
): void {
  const schemas = schemasOf(operation);
  const checks = checksOf(operation, schemas);
  app.route({
    method: operation.method,
    url: routeUrl(operation.path),
    schema: schemas,
    validatorCompiler: ({ httpPart }) => checks[httpPart as Part] as Check,
    bodyLimit: operation.bodyLimitBytes ?? BODY_LIMIT_BYTES,
    // HEAD would open a stream that nobody reads.
    exposeHeadRoute: operation.method === 'GET' && operation.streaming !== true,
    handler: routes.handlers[operation.operationId] as Handler,
    ...routes.access.guardsOf(operation),
    ...routes.extend?.(operation),
  });
}
