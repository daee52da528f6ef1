import type pg from 'pg';
import { type AccountQueries, createAccountQueries } from './accounts.ts';
import { createDeadLetterQueries, type DeadLetterQueries } from './dead-letters.ts';
import { createEventQueries, type EventQueries } from './events.ts';
import type { IndexProjection } from './index-projection.ts';
import { createOrderQueries, type OrderQueries } from './orders.ts';
import { createStatementQueries, type StatementQueries } from './statements.ts';

export type { AccountView } from './accounts.ts';
export type { DeadLetterView } from './dead-letters.ts';
export { createIndexProjection, type IndexProjection, type IndexProjectionOptions } from './index-projection.ts';
export { createInstallationNumbers, type InstallationNumbers } from './installation-numbers.ts';
export type { TransferView } from './statements.ts';

/** What edges ask. Everything that is not the caller's is as if it did not exist. */
export interface Reporting {
  orders: OrderQueries;
  accounts: AccountQueries & StatementQueries;
  events: EventQueries;
  deadLetters: DeadLetterQueries;
}

export function createReporting({ pool, projection }: { pool: pg.Pool; projection: IndexProjection }): Reporting {
  return {
    orders: createOrderQueries({ pool, projection }),
    accounts: { ...createAccountQueries({ pool }), ...createStatementQueries({ pool, projection }) },
    events: createEventQueries({ pool, projection }),
    deadLetters: createDeadLetterQueries({ pool }),
  };
}
