import type {
  WireClock,
  WireInstallation,
  WireInstallationTotals,
  WireOverview,
  WireVerification,
} from '@millrace/contract';
import type { CallOptions, Transport } from './http.ts';
import { type Follow, type FollowOptions, follow } from './live/follow.ts';

/** A verification reads every table, check after check. */
const VERIFICATION_MS_MAX = 15 * 60_000;

export interface InstallationCalls {
  /** What everybody may see. */
  readonly installation: {
    get(options?: CallOptions): Promise<WireInstallation>;
    /** Calls the listener with the numbers of now and whenever they have changed, at most once a second, until it is closed. */
    follow(listener: (totals: WireInstallationTotals) => void, options?: FollowOptions): Follow;
  };
  /** Operators. */
  readonly overview: {
    get(options?: CallOptions): Promise<WireOverview>;
    /** Calls the listener once a second until it is closed. */
    follow(listener: (overview: WireOverview) => void, options?: FollowOptions): Follow;
  };
  /** Operators. */
  readonly clock: {
    /** Says that the server's time is right: what is due is submitted again. */
    confirm(options?: CallOptions): Promise<WireClock>;
  };
  /** Operators. */
  readonly verifications: {
    /** Checks the books: what was not proven before, or with `full` everything, which takes minutes where there are millions of orders. */
    run(options?: CallOptions & { full?: boolean }): Promise<WireVerification>;
    /** null: the server has run none since it was started. */
    latest(options?: CallOptions): Promise<WireVerification | null>;
  };
}

export function createInstallationCalls(transport: Transport): InstallationCalls {
  const get = async <T>(path: string, options?: CallOptions): Promise<T> =>
    (await transport.send<T>({ method: 'GET', path }, options)).body;
  return {
    installation: {
      get: (options) => get('/v1/installation', options),
      follow: (listener, options) =>
        follow(transport, { path: '/v1/installation/stream', event: 'totals', listener }, options),
    },
    overview: {
      get: (options) => get('/v1/overview', options),
      follow: (listener, options) =>
        follow(transport, { path: '/v1/overview/stream', event: 'overview', listener }, options),
    },
    clock: {
      confirm: async (options) =>
        (await transport.send<WireClock>({ method: 'POST', path: '/v1/clock/confirm' }, options)).body,
    },
    verifications: {
      run: async ({ full = false, ...options } = {}) => {
        const call = {
          method: 'POST',
          path: `/v1/verifications${full ? '?full=true' : ''}`,
          timeoutMs: VERIFICATION_MS_MAX,
        } as const;
        return (await transport.send<WireVerification>(call, options)).body;
      },
      latest: async (options) => (await get<WireVerification | undefined>('/v1/verifications/latest', options)) ?? null,
    },
  };
}
