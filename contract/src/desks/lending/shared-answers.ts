import Type from 'typebox';
import { Decimal } from '../../schemas/common.ts';
import { LoanId } from './fields.ts';

const strict = { additionalProperties: false } as const;

/** What a line of an account's statement says of loans. */
export const LENDING_LINES = {
  loan: Type.Union([Type.Object({ id: LoanId, purpose: Type.String() }, strict), Type.Null()], {
    description: 'The loan that the money went into or came from; null where it is about none.',
  }),
};

/** What the installation's live numbers say of loans. */
export const LENDING_TOTALS = {
  loans_open: Type.Integer({ minimum: 0, description: 'Loans that can be funded now.' }),
  loans_total: Type.Integer({ minimum: 0, description: 'Loans ever created.' }),
  funded: Type.String({
    description:
      'Put into loans, less what went back from loans that were not funded in time; all time, in the main currency. A decimal string.',
  }),
  repaid: Type.String({
    description: 'Principal repaid to investors, all time, in the main currency. A decimal string.',
  }),
  interest_paid: Type.String({
    description: 'Interest paid to investors, after fees, all time, in the main currency. A decimal string.',
  }),
};

/** What everybody may know of the desk's settings. */
export const LENDING_SETTINGS = {
  loan_limits: Type.Object(
    {
      amount_max: Decimal,
      rate_max: Type.String({ description: 'Yearly, as a decimal: "1" is 100 %.' }),
      term_months_max: Type.Integer({ minimum: 1 }),
      funding_days_max: Type.Integer({ minimum: 1, description: 'From the opening to the funding deadline.' }),
    },
    { ...strict, description: 'The most that the terms of a new loan may be, in the main currency.' },
  ),
};
