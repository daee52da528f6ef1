import type { MerchantRegistration, MerchantsQuery, MerchantUpdate, MerchantView, WirePage } from '@millrace/contract';
import type { CallOptions, Transport } from './http.ts';
import { itemsOf } from './pages.ts';

/** Who can be paid under a handle. */
export interface MerchantCalls {
  /** By handle. Operators see owners and disabled merchants too. */
  list(query?: MerchantsQuery, options?: CallOptions): Promise<WirePage<MerchantView>>;
  all(query?: MerchantsQuery, options?: CallOptions): AsyncGenerator<MerchantView>;
  get(handle: string, options?: CallOptions): Promise<MerchantView>;
  /** Operators. A handle that is taken is `merchant_exists`. */
  register(input: MerchantRegistration, options?: CallOptions): Promise<MerchantView>;
  /** Operators. Again is no error. */
  update(handle: string, change: MerchantUpdate, options?: CallOptions): Promise<MerchantView>;
}

export function createMerchants(transport: Transport): MerchantCalls {
  const pathOf = (handle: string): string => `/v1/merchants/${encodeURIComponent(handle)}`;
  const merchants: MerchantCalls = {
    list: async (query = {}, options) =>
      (await transport.send<WirePage<MerchantView>>({ method: 'GET', path: '/v1/merchants', query }, options)).body,
    all: (query = {}, options) => itemsOf((at) => merchants.list({ ...query, ...at }, options)),
    get: async (handle, options) =>
      (await transport.send<MerchantView>({ method: 'GET', path: pathOf(handle) }, options)).body,
    register: async (body, options) =>
      (await transport.send<MerchantView>({ method: 'POST', path: '/v1/merchants', body }, options)).body,
    update: async (handle, body, options) =>
      (await transport.send<MerchantView>({ method: 'PATCH', path: pathOf(handle), body, idempotent: true }, options))
        .body,
  };
  return merchants;
}
