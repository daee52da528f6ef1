import { openApiDocument } from '@millrace/contract';
import { isSameCaller } from '../../../core/caller.ts';
import { addressKey } from '../../../intake/identity/index.ts';
import { clientAddressOf, isFromThisMachine } from '../../proxies.ts';
import { RETRY_AFTER_SECONDS } from '../limits.ts';
import type { RestOptions, RestServices } from '../services.ts';
import { callerNow, type Handlers, sendJson, sendResult, sendStream } from './handler.ts';

type InstallationOperation =
  | 'getInstallation'
  | 'streamInstallation'
  | 'getOverview'
  | 'streamOverview'
  | 'confirmClock'
  | 'runVerification'
  | 'getLatestVerification';

export function installationHandlers({
  installation,
  overview,
  verifications,
  clock,
  identity,
}: RestServices): Handlers<InstallationOperation> {
  return {
    async getInstallation(request, reply) {
      return sendJson(reply, 200, await installation.read({ fromThisMachine: isFromThisMachine(request.raw) }));
    },
    async streamInstallation(request, reply) {
      const place = { userId: null, address: addressKey(clientAddressOf(request)) };
      return sendStream(reply, (response) => installation.live.open({ place, response }));
    },
    async getOverview(_request, reply) {
      return sendJson(reply, 200, await overview.read());
    },
    async streamOverview(request, reply) {
      const { caller } = request;
      const again = async (): Promise<boolean> => isSameCaller(caller, await callerNow(identity, request));
      const place = { userId: caller.userId, address: addressKey(clientAddressOf(request)) };
      return sendStream(reply, (response) => overview.live.open({ place, response, again }));
    },
    async confirmClock(request, reply) {
      return sendJson(reply, 200, await clock.confirm(request.caller.userId));
    },
    async runVerification(request, reply) {
      return sendResult(reply, await verifications.run(request.query as { full?: boolean }));
    },
    async getLatestVerification(_request, reply) {
      const latest = verifications.latest();
      return latest ? sendJson(reply, 200, latest) : reply.code(204).send();
    },
  };
}

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
