import type pg from 'pg';
import type { Clock } from '../core/clock.ts';
import { type AccountQueries, createAccountQueries } from './accounts.ts';
import { type AuditQueries, createAuditQueries } from './audit-log.ts';
import { createDeadLetterQueries, type DeadLetterQueries } from './dead-letters.ts';
import { createEventQueries, type EventQueries } from './events.ts';
import type { IndexProjection } from './index-projection.ts';
import { createNotificationQueries, type NotificationQueries } from './notifications.ts';
import { createLedgerQueries, type LedgerQueries } from './ledger-explorer.ts';
import { createOrderQueries, type OrderQueries } from './orders.ts';
import { createSearchQueries, type SearchQueries } from './search.ts';
import { createStatementQueries, type StatementQueries } from './statements.ts';
import { createUserQueries, type UserQueries } from './users.ts';

export { createExplanations, type Explanations } from './explanation/index.ts';
export type { AccountView } from './accounts.ts';
export type { DeadLetterView } from './dead-letters.ts';
export { createIndexProjection, type IndexProjection, type IndexProjectionOptions } from './index-projection.ts';
export { createLogReaders } from './log-readers.ts';
export { firstSeqAt } from './log-times.ts';
export { removeEntries, USER_EVENTS, USER_ORDERS } from './packed-rows.ts';
export { INDEX_CONSUMER } from './positions.ts';
export { createInstallationNumbers, type InstallationNumbers } from './installation-numbers.ts';

/** What operators ask, of everybody's. The edge lets nobody else ask. */
export interface OperatorReporting {
  users: UserQueries;
  audit: AuditQueries;
  search: SearchQueries;
  ledger: LedgerQueries;
}

export function createOperatorReporting({ pool, clock }: { pool: pg.Pool; clock: Clock }): OperatorReporting {
  return {
    users: createUserQueries({ pool, clock }),
    audit: createAuditQueries({ pool }),
    search: createSearchQueries({ pool }),
    ledger: createLedgerQueries({ pool }),
  };
}

/** What edges ask. Everything that is not the caller's is as if it did not exist. */
export interface Reporting {
  orders: OrderQueries;
  accounts: AccountQueries & StatementQueries;
  events: EventQueries & NotificationQueries;
  deadLetters: DeadLetterQueries;
}

export interface ReportingOptions {
  pool: pg.Pool;
  projection: IndexProjection;
}

export function createReporting({ pool, projection }: ReportingOptions): Reporting {
  return {
    orders: createOrderQueries({ pool, projection }),
    accounts: { ...createAccountQueries({ pool }), ...createStatementQueries({ pool, projection }) },
    events: { ...createEventQueries({ pool, projection }), ...createNotificationQueries({ pool, projection }) },
    deadLetters: createDeadLetterQueries({ pool }),
  };
}
