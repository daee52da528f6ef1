import type { MerchantRegistration, MerchantsQuery, MerchantUpdate } from '@millrace/contract';
import type { FastifyRequest } from 'fastify';
import { seesAll } from '../../../core/caller.ts';
import { sendProblem } from '../problems.ts';
import type { RestServices } from '../services.ts';
import { type Handlers, sendJson, sendNotFound, sendResult } from './handler.ts';

type MerchantOperation = 'listMerchants' | 'getMerchant' | 'registerMerchant' | 'updateMerchant';

/** In its one spelling, as a payment reads it. */
const handleOf = (request: FastifyRequest): string => (request.params as { handle: string }).handle.toLowerCase();

export function merchantHandlers({ merchants }: RestServices): Handlers<MerchantOperation> {
  return {
    async listMerchants(request, reply) {
      const query = request.query as MerchantsQuery & { limit: number };
      return sendResult(reply, await merchants.list(query, { seesAll: seesAll(request.caller) }));
    },
    async getMerchant(request, reply) {
      const merchant = await merchants.get(handleOf(request), { seesAll: seesAll(request.caller) });
      return merchant ? sendJson(reply, 200, merchant) : sendNotFound(reply);
    },
    async registerMerchant(request, reply) {
      const made = await merchants.register(request.body as MerchantRegistration);
      if (!made.ok) return sendProblem(reply, made.problem);
      reply.header('location', `/v1/merchants/${made.value.handle}`);
      return sendJson(reply, 201, made.value);
    },
    async updateMerchant(request, reply) {
      return sendResult(reply, await merchants.update(handleOf(request), request.body as MerchantUpdate));
    },
  };
}
