import { isSameCaller } from '../../../core/caller.ts';
import { addressKey } from '../../../intake/identity/index.ts';
import { clientAddressOf, isFromThisMachine } from '../../proxies.ts';
import type { RestServices } from '../services.ts';
import { type Handlers, sendJson, sendResult } from './handler.ts';
import { callerNow, sendStream } from './streaming.ts';

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
