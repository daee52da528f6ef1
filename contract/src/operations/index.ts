import { ACCOUNT_OPERATIONS } from './accounts.ts';
import { EVENT_OPERATIONS } from './events.ts';
import { IDENTITY_OPERATIONS } from './identity.ts';
import { INSTALLATION_OPERATIONS } from './installation.ts';
import { LOAN_OPERATIONS } from './loans.ts';
import { MERCHANT_OPERATIONS } from './merchants.ts';
import type { Operation } from './operation.ts';
import { OPERATOR_OPERATIONS } from './operators.ts';
import { ORDER_OPERATIONS } from './orders.ts';
import { PORTFOLIO_OPERATIONS } from './portfolio.ts';
import { SYSTEM_OPERATIONS } from './system.ts';

const ALL = [
  ...IDENTITY_OPERATIONS,
  ...ACCOUNT_OPERATIONS,
  ...ORDER_OPERATIONS,
  ...LOAN_OPERATIONS,
  ...PORTFOLIO_OPERATIONS,
  ...MERCHANT_OPERATIONS,
  ...EVENT_OPERATIONS,
  ...OPERATOR_OPERATIONS,
  ...INSTALLATION_OPERATIONS,
  ...SYSTEM_OPERATIONS,
] as const;

export type OperationId = (typeof ALL)[number]['operationId'];

/** Every operation of the HTTP API. A route that is not listed here does not start, nor one without its handler. */
export const OPERATIONS: readonly (Operation & { operationId: OperationId })[] = ALL;

export * from './operation.ts';
