import type { WireInstallationTotals, WireOverdue, WireOverview } from '@millrace/contract';
import type { Logger } from 'pino';
import { parseAmount } from './core/money.ts';
import { sharedRead } from './core/shared-read.ts';
import type { Database } from './db/open-database.ts';
import { createInstallationView, type ReadInstallation } from './ops/installation-view.ts';
import { readOverdue } from './ops/overdue.ts';
import { createOverview } from './ops/overview.ts';
import type { DemoAccess } from './ops/runtime-file.ts';
import { createVerifications, type Verifications } from './ops/verifications.ts';
import type { OrderPath } from './order-path.ts';
import {
  createLiveValue,
  createPublicStreamLimits,
  type EventStreams,
  type LiveValue,
  type StreamLimits,
} from './push/index.ts';
import { createInstallationNumbers } from './reporting/index.ts';

/** What is overdue is so by minutes. */
const OVERDUE_FRESH_MS = 10_000;
/** Somewhat less than lies between two values of a stream, so that each of these is read again. */
const FRESH_MS = 900;

export interface LiveOptions {
  orderPath: OrderPath;
  database: Pick<Database, 'pool' | 'version' | 'embedded'>;
  /** As configured. */
  queueSizeMax: number;
  demo: () => DemoAccess | null;
  /** Places of those who are logged in: WebSockets, event streams, the overview. */
  streams: StreamLimits;
  eventStreams: Pick<EventStreams, 'count'>;
  /** Connections to the HTTP port. */
  httpConnections: () => Promise<number>;
  log: Logger;
}

/** What visitors and operators see of the installation as a whole. */
export interface Live {
  installation: { read: ReadInstallation; live: LiveValue };
  overview: { read: () => Promise<WireOverview>; live: LiveValue };
  verifications: Verifications;
  /** Ends the streams. */
  close(): void;
}

/** However many ask, each number is read once a second at the most, and not at all while nobody asks. */
export function createLive(options: LiveOptions): Live {
  const { orderPath, database, streams, eventStreams, log } = options;
  const { assets, activity, clock, checks, identity } = orderPath;
  const { pool, version, embedded } = database;
  const { currency } = assets;
  const numbers = createInstallationNumbers({ pool, clock, currency });

  const totals = sharedRead(async (): Promise<WireInstallationTotals> => {
    const read = await numbers.totals();
    return { ...read, orders_per_second: activity.ordersPerSecond() };
  }, FRESH_MS);
  const view = createInstallationView({
    currency,
    startingBalance: parseAmount(orderPath.startingBalance, currency.scale).ok ? orderPath.startingBalance : null,
    gateway: orderPath.gateway,
    demo: options.demo,
    desks: orderPath.deskSettings,
    totals,
  });
  const visitors = createLiveValue({ event: 'totals', read: totals, places: createPublicStreamLimits(), log });

  async function connections(): Promise<WireOverview['connections']> {
    const sse = eventStreams.count + operators.count;
    return { websocket: streams.count - sse, sse: sse + visitors.count, http: await options.httpConnections() };
  }
  const lookForOverdue = (): Promise<WireOverdue> => readOverdue({ ...orderPath, kinds: orderPath.overdue, pool });
  const overview = sharedRead(
    createOverview({
      ...orderPath,
      pool,
      database: { version, embedded },
      queueSizeMax: options.queueSizeMax,
      numbers,
      connections,
      overdue: sharedRead(lookForOverdue, OVERDUE_FRESH_MS),
    }),
    FRESH_MS,
  );
  const operators: LiveValue = createLiveValue({ event: 'overview', read: overview, places: streams, log });
  identity.onEnding((userId) => operators.recheck(userId));

  return {
    installation: { read: view, live: visitors },
    overview: { read: overview, live: operators },
    verifications: createVerifications({
      pool,
      checks,
      overdue: lookForOverdue,
    }),
    close() {
      visitors.close();
      operators.close();
    },
  };
}
