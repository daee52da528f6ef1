import { openApiDocument } from '@millrace/contract';
import { RETRY_AFTER_SECONDS } from '../limits.ts';
import type { RestOptions, RestServices } from '../services.ts';
import { type Handlers, sendJson } from './handler.ts';

type SystemOperation = 'getHealth' | 'getReadiness' | 'getMetrics' | 'getOpenApi' | 'getAsyncApi';

export function systemHandlers(
  { health, metrics }: RestServices,
  { asyncApi }: RestOptions,
): Handlers<SystemOperation> {
  const openApi = openApiDocument();
  return {
    async getHealth(_request, reply) {
      return sendJson(reply, 200, { status: 'ok' });
    },
    async getReadiness(_request, reply) {
      const readiness = await health.readiness();
      if (!readiness.ready) reply.header('retry-after', String(RETRY_AFTER_SECONDS));
      return sendJson(reply, readiness.ready ? 200 : 503, readiness);
    },
    async getMetrics(_request, reply) {
      const { body, contentType } = await metrics.text();
      return reply.header('content-type', contentType).header('cache-control', 'no-store').send(body);
    },
    async getOpenApi(_request, reply) {
      return sendJson(reply, 200, openApi);
    },
    async getAsyncApi(_request, reply) {
      return sendJson(reply, 200, asyncApi);
    },
  };
}
