import Type from 'typebox';
import type { Operation } from '../../operations/operation.ts';
import { OrderId } from '../../schemas/common.ts';

const strict = { additionalProperties: false } as const;

export const WithdrawalReport = Type.Object(
  {
    order_id: OrderId,
    outcome: Type.Union([Type.Literal('paid'), Type.Literal('declined')], {
      description: '`declined`: it was not paid, and never will be.',
    }),
  },
  { ...strict, description: 'What became of a withdrawal outside.' },
);

export const ReportedOrder = Type.Object(
  {
    order_id: OrderId,
    status: Type.String({ description: 'How the order stands now: `completed`, `rejected` …' }),
  },
  { ...strict, description: 'The order that was reported on.' },
);

export type WithdrawalReported = Type.Static<typeof WithdrawalReport>;

export const REPORT_OPERATIONS = [
  {
    operationId: 'reportWithdrawal',
    method: 'POST',
    path: '/v1/reports/withdrawal',
    tag: 'reports',
    summary: 'Report what became of a withdrawal',
    description:
      'For the program that pays withdrawals out. Only the first report on a withdrawal counts: the same again, however late, changes ' +
      'nothing, and is answered with how the order stands. One that contradicts it is shown to operators as a dead letter.',
    access: 'signature',
    body: WithdrawalReport,
    responses: { 200: { description: 'It was taken, now or earlier.', schema: ReportedOrder } },
    errors: ['not_found', 'overloaded', 'outcome_unknown', 'database_busy'],
  },
] as const satisfies readonly Operation[];
