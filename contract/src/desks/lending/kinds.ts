import Type from 'typebox';
import { Amount, AssetCode, Decimal, Rate, readable, Time, UserId } from '../../schemas/common.ts';
import { command, internal, type Kind, order } from '../desk.ts';
import { CloseReason, LoanGrade, LoanId } from './fields.ts';

const operators = { roles: ['operator'], scope: 'loans:write' } as const;
/** An instalment that was paid. */
const paid = { loan_id: LoanId, number: Type.Integer(), amount: Decimal };
const byLoan = { parameter: 'loan_id' } as const;

export const LENDING_KINDS = {
  fund_loan: order({
    description: 'Invest in a loan that is open for funding.',
    asked: '{amount} was to be invested in the loan {loan_id}.',
    params: {
      loan_id: LoanId,
      amount: Amount,
      allow_partial: Type.Optional(
        Type.Boolean({ default: false, description: 'Accept less where less is still open. Default: all or nothing.' }),
      ),
    },
    result: { loan_id: LoanId, asset: AssetCode, accepted_amount: Decimal, remaining: Decimal },
    orderedBy: 'user',
    movesMoney: true,
  }),
  repay_loan: order({
    description: 'Pay the oldest unpaid instalment of your own loan now.',
    asked: 'The next instalment of the loan {loan_id} was to be paid.',
    params: { loan_id: LoanId },
    result: paid,
    orderedBy: 'user',
    movesMoney: true,
  }),
  recover_loan: order({
    description:
      'Pay the oldest unpaid instalment of a loan in default, out of your own account, with what was recovered (operators).',
    asked: 'An instalment of the loan {loan_id}, which is in default, was to be paid out of what was recovered.',
    params: { loan_id: LoanId },
    result: paid,
    ...operators,
    orderedBy: 'user',
    movesMoney: true,
  }),
  create_loan: command({
    description: 'Open a loan for funding (`POST /v1/loans`).',
    asked: 'A loan of {amount} was to be opened for funding.',
    params: {
      loan_id: Type.Optional(LoanId),
      borrower_id: UserId,
      purpose: readable({ maxLength: 200 }),
      asset: Type.Optional(AssetCode),
      amount: Amount,
      apr: Rate,
      term_months: Type.Integer({ minimum: 1, maximum: 480 }),
      grade: LoanGrade,
      funding_deadline: Time,
    },
    ...operators,
    orderedBy: 'user',
    movesMoney: false,
  }),
  close_loan: command({
    description: 'End the funding of an open loan and give all money back (`POST /v1/loans/:id/close`).',
    asked: 'The funding of the loan {loan_id} was to end, and all money to go back.',
    params: { loan_id: LoanId, reason: CloseReason },
    ...operators,
    orderedBy: 'user',
    movesMoney: false,
  }),
  expire_loan: internal({
    description: 'The funding deadline has passed.',
    asked: 'The loan {loan_id} was to expire, and all money to go back.',
    params: { loan_id: LoanId },
    orderedBy: byLoan,
    startedBy: 'time',
    movesMoney: false,
  }),
  collect_installment: internal({
    description: 'An instalment is due.',
    asked: 'Instalment {number} of the loan {loan_id} was to be collected.',
    params: { loan_id: LoanId, number: Type.Integer({ minimum: 1, maximum: 480 }) },
    orderedBy: byLoan,
    startedBy: 'time',
    movesMoney: false,
  }),
  default_loan: internal({
    description: 'An instalment has stayed unpaid for too long.',
    asked: 'The loan {loan_id} was to be given up as in default.',
    params: { loan_id: LoanId },
    orderedBy: byLoan,
    startedBy: 'time',
    movesMoney: false,
  }),
} as const satisfies Record<string, Kind>;
