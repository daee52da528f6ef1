import type { payments } from '@millrace/contract';
import { seesAll } from '../../core/caller.ts';
import type { DeskContext } from '../module.ts';
import type { ResourcesOf } from '../resource.ts';
import { createMerchants } from './merchants.ts';

/** In its one spelling, as a payment reads it. */
const handleOf = ({ handle }: { handle: string }): string => handle.toLowerCase();

/** The registry of those who can be paid under a handle: operators see owners and disabled merchants too. */
export function paymentsResources(context: Pick<DeskContext, 'pool' | 'clock'>): ResourcesOf<typeof payments> {
  const merchants = createMerchants(context);
  return {
    listMerchants: ({ caller, query }) => merchants.list(query, { seesAll: seesAll(caller) }),
    async getMerchant({ caller, params }) {
      const merchant = await merchants.get(handleOf(params), { seesAll: seesAll(caller) });
      return merchant && { ok: true, value: merchant };
    },
    async registerMerchant({ body }) {
      const made = await merchants.register(body);
      return made.ok ? { ...made, location: `/v1/merchants/${made.value.handle}` } : made;
    },
    updateMerchant: ({ params, body }) => merchants.update(handleOf(params), body),
  };
}
