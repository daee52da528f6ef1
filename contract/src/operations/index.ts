import { DESKS } from '../desks/index.ts';
import { merged } from '../desks/merged.ts';
import { ACCOUNT_OPERATIONS } from './accounts.ts';
import { EVENT_OPERATIONS } from './events.ts';
import { IDENTITY_OPERATIONS } from './identity.ts';
import { INSTALLATION_OPERATIONS } from './installation.ts';
import type { Operation } from './operation.ts';
import { OPERATOR_OPERATIONS } from './operators.ts';
import { ORDER_OPERATIONS } from './orders.ts';
import { SYSTEM_OPERATIONS } from './system.ts';

/** Those that belong to no desk. */
const OWN = [
  ...IDENTITY_OPERATIONS,
  ...ACCOUNT_OPERATIONS,
  ...ORDER_OPERATIONS,
  ...EVENT_OPERATIONS,
  ...OPERATOR_OPERATIONS,
  ...INSTALLATION_OPERATIONS,
  ...SYSTEM_OPERATIONS,
] as const;

type Any = (typeof OWN)[number] | (typeof DESKS)[number]['operations'][number];
export type OperationId = Any['operationId'];

/** One of them, with the types of its schemas. */
export type OperationNamed<Id extends OperationId> = Extract<Any, { operationId: Id }>;
/** Those that are signed by what they tell of. */
export type ReportOperationId = Extract<Any, { access: 'signature' }>['operationId'];
/** Those that desks answer. */
export type DeskOperationId = Exclude<(typeof DESKS)[number]['operations'][number]['operationId'], ReportOperationId>;

/** Every operation of the HTTP API. A route that is not listed here does not start, nor one without its handler. */
export const OPERATIONS: readonly (Operation & { operationId: OperationId })[] = [
  ...OWN,
  ...DESKS.flatMap(({ operations }): readonly Any[] => operations),
];

/** What operations are grouped by in the document. */
export const TAGS: Readonly<Record<string, string>> = merged<Readonly<Record<string, string>>>('tags', [
  [
    'engine',
    {
      identity: 'Registration, sessions and API keys.',
      accounts: 'Balances and statements.',
      orders: 'Everything that changes money is an order.',
    },
  ],
  ...DESKS.map(({ name, tags }) => [name, tags] as const),
  [
    'engine',
    {
      events: 'What happened, in order.',
      operators: 'For operators.',
      system: 'Health, metrics and documents.',
    },
  ],
]);

export * from './operation.ts';
