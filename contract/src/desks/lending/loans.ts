import Type from 'typebox';
import {
  AssetCode,
  BusinessDate,
  Cursor,
  Decimal,
  Limit,
  PLAIN_TEXT,
  page,
  Rate,
  Time,
  UserId,
} from '../../schemas/common.ts';
import { CloseReason, LoanGrade, LoanId, LoanStatus } from './fields.ts';
import { LENDING_KINDS } from './kinds.ts';

const strict = { additionalProperties: false } as const;

export const LoanSort = Type.Enum(['newest', 'deadline', 'rate', 'progress', 'amount'], {
  default: 'newest',
  description:
    'newest first, nearest funding deadline first, highest rate first, most nearly funded first, or largest amount first (in the ' +
    'asset’s smallest unit). All but `newest` rank the newest 100,000 loans.',
});

const loan = {
  id: LoanId,
  purpose: Type.String(),
  asset: AssetCode,
  amount: Decimal,
  funded: Decimal,
  remaining: Decimal,
  progress: Type.String({ description: 'funded ÷ amount, four places, rounded down: "0.4250".' }),
  apr: Type.String({ description: 'Yearly rate as a decimal: "0.0725" is 7.25 %.' }),
  term_months: Type.Integer(),
  grade: LoanGrade,
  status: LoanStatus,
  investors: Type.Integer({ description: 'How many investors have funded it.' }),
  funding_deadline: Time,
  created_at: Time,
  funded_at: Type.Union([Time, Type.Null()], { description: 'When its last unit was funded; null before.' }),
};

export const Loan = Type.Object(loan, strict);

export const LoanInstallment = Type.Object(
  {
    number: Type.Integer({ minimum: 1, maximum: 480 }),
    due_date: BusinessDate,
    principal: Decimal,
    interest: Decimal,
    payment: Decimal,
    status: Type.Union([Type.Literal('scheduled'), Type.Literal('late'), Type.Literal('paid')]),
    paid_at: Type.Union([Time, Type.Null()]),
  },
  strict,
);

export const LoanShare = Type.Object(
  {
    invested: Type.String({ description: 'What the caller has put in, a decimal string.' }),
    share: Type.String({ description: 'invested ÷ the loan’s amount, four places, rounded down.' }),
    alias: Type.String({ description: 'How others see the caller on this loan, such as `Investor 7`.' }),
    notes: Type.String({ description: 'Principal that is still owed to the caller, a decimal string.' }),
    principal_repaid: Type.String({ description: 'Principal that came back by instalments, a decimal string.' }),
  },
  strict,
);

export const LoanDetail = Type.Object(
  {
    ...loan,
    borrower_id: Type.Union([UserId, Type.Null()], {
      description: 'Shown to operators and to the borrower; null for others.',
    }),
    projected: Type.Boolean({
      description: 'Whether the schedule is only what it would be if the loan were funded today.',
    }),
    schedule: Type.Array(LoanInstallment, {
      maxItems: 480,
      description: 'By number; empty for a loan that expired or was closed.',
    }),
    own_share: Type.Union([LoanShare, Type.Null()], { description: 'null where the caller has not invested.' }),
  },
  strict,
);

export const LoanPage = page(Loan);

/** Of loans that are asked for by their ids: a page of anything that names them. */
export const LOANS_NAMED_MAX = 100;
const LOAN_ID = 'loan_[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

/** The query of `GET /v1/loans`. */
export const ListLoans = Type.Object(
  {
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
    sort: Type.Optional(LoanSort),
    status: Type.Optional(LoanStatus),
    grade: Type.Optional(LoanGrade),
    purpose: Type.Optional(Type.String({ minLength: 1, maxLength: 200, pattern: PLAIN_TEXT })),
    asset: Type.Optional(AssetCode),
    search: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        pattern: PLAIN_TEXT,
        description:
          'Loans whose purpose holds this text, whatever its case and accents, or whose id begins with it. A page may then hold less than ' +
          '`limit` and still say that there is more.',
      }),
    ),
    ids: Type.Optional(
      Type.String({
        pattern: `^${LOAN_ID}(,${LOAN_ID}){0,${LOANS_NAMED_MAX - 1}}$`,
        maxLength: LOANS_NAMED_MAX * 42,
        description: `Up to ${LOANS_NAMED_MAX} ids, with commas between them: only these loans. For the names of loans that something else lists.`,
      }),
    ),
    term_max: Type.Optional(Type.Integer({ minimum: 1, maximum: 480, description: 'At most so many months.' })),
    rate_min: Type.Optional(Type.String({ ...Rate, description: 'At least this yearly rate, a decimal.' })),
  },
  strict,
);

/** An investment in a loan as everybody may see it. */
export const LoanFunding = Type.Object(
  {
    at: Time,
    amount: Decimal,
    investor: Type.String({ description: '`you`, or the alias.' }),
    alias: Type.String({
      description:
        'The investor, without a name: `Investor 7` is the seventh to invest in this loan, the same in every entry and event.',
    }),
    own: Type.Boolean({ description: 'Whether it is the caller’s.' }),
    user_id: Type.Optional(Type.String({ ...UserId, description: 'Only for operators.' })),
  },
  { ...strict, description: 'An investment.' },
);

export const LoanFundingPage = page(LoanFunding);

/** The query of `GET /v1/loans/{id}/projection`. */
export const GetProjection = Type.Object(
  {
    amount: Type.String({
      pattern: '^[0-9]{1,18}(\\.[0-9]{1,18})?$',
      description: 'What would be put in, a decimal string.',
    }),
  },
  strict,
);

export const LoanProjection = Type.Object(
  {
    loan_id: LoanId,
    asset: AssetCode,
    amount: Type.String({ description: 'What would be put in now, a decimal string.' }),
    invested_before: Type.String({
      description: 'What the caller has put in already, a decimal string: the payments are for both together.',
    }),
    exact: Type.Boolean({
      description:
        'true where this amount completes the loan: to the cent what will be paid, if it is invested today and the borrower pays ' +
        'on time. false where investors are still to come, or are very many: a part may differ by the smallest unit.',
    }),
    payments: Type.Array(
      Type.Object(
        {
          number: Type.Integer({ minimum: 1, maximum: 480 }),
          due_date: BusinessDate,
          principal: Decimal,
          interest: Type.String({ description: 'Before the fee, a decimal string.' }),
          fee: Type.String({ description: 'The part of the servicing fee, a decimal string.' }),
          total: Type.String({ description: 'What comes in: principal + interest − fee, a decimal string.' }),
        },
        strict,
      ),
      { maxItems: 480 },
    ),
    interest: Decimal,
    fees: Decimal,
    total: Type.String({ description: 'invested_before + amount + interest − fees, a decimal string.' }),
    xirr_flows: Type.Array(
      Type.Object(
        {
          date: BusinessDate,
          amount: Type.String({ description: 'Signed: what goes in is negative. A decimal string.' }),
        },
        strict,
      ),
      { maxItems: 481, description: 'invested_before + amount today, then the payments.' },
    ),
  },
  { ...strict, description: 'What an investment would bring if the loan were fully funded today and repaid on time.' },
);

/** The body of `POST /v1/loans`. */
export const CreateLoan = LENDING_KINDS.create_loan.params;

/** The body of `POST /v1/loans/{id}/close`. */
export const CloseLoan = Type.Object({ reason: CloseReason }, strict);

export type WireCreateLoan = Type.Static<typeof CreateLoan>;
export type LoansQuery = Type.Static<typeof ListLoans>;
export type CloseLoanBody = Type.Static<typeof CloseLoan>;
export type LoanView = Type.Static<typeof Loan>;
export type LoanDetailView = Type.Static<typeof LoanDetail>;
export type LoanFundingView = Type.Static<typeof LoanFunding>;
export type LoanProjectionView = Type.Static<typeof LoanProjection>;
export type LoanInstallmentView = Type.Static<typeof LoanInstallment>;
export type LoanShareView = Type.Static<typeof LoanShare>;
export type LoanSortName = Type.Static<typeof LoanSort>;
