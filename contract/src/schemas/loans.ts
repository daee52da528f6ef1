import Type from 'typebox';
import { KINDS } from '../kinds.ts';
import { AssetCode, BusinessDate, Cursor, Decimal, Limit, LoanId, page, Time, UserId } from './common.ts';

const strict = { additionalProperties: false } as const;

export const LoanStatus = Type.Union(
  [
    Type.Literal('open'),
    Type.Literal('repaying'),
    Type.Literal('late'),
    Type.Literal('repaid'),
    Type.Literal('defaulted'),
    Type.Literal('expired'),
  ],
  {
    description:
      'open: takes investments. repaying: fully funded and paid out. late: an instalment could not be collected. ' +
      'repaid: the last instalment was paid. defaulted: an instalment stayed unpaid for too long. ' +
      'expired: not funded by its deadline, all money went back.',
  },
);

export const LoanGrade = Type.String({ pattern: '^[A-G]$', description: 'Risk grade, A (least) to G.' });

export const LoanSort = Type.Union([Type.Literal('newest'), Type.Literal('deadline'), Type.Literal('rate')], {
  default: 'newest',
  description: 'newest first, nearest funding deadline first, or highest rate first.',
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
    schedule: Type.Array(LoanInstallment, { maxItems: 480, description: 'By number; empty for an expired loan.' }),
    own_share: Type.Union([LoanShare, Type.Null()], { description: 'null where the caller has not invested.' }),
  },
  strict,
);

export const LoanPage = page(Loan);

/** The query of `GET /v1/loans`. */
export const ListLoans = Type.Object(
  {
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
    sort: Type.Optional(LoanSort),
    status: Type.Optional(LoanStatus),
    grade: Type.Optional(LoanGrade),
    purpose: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    asset: Type.Optional(AssetCode),
  },
  strict,
);

/** The body of `POST /v1/loans`. */
export const CreateLoan = KINDS.create_loan.params;

export type LoanView = Type.Static<typeof Loan>;
export type LoanDetailView = Type.Static<typeof LoanDetail>;
export type LoanInstallmentView = Type.Static<typeof LoanInstallment>;
export type LoanShareView = Type.Static<typeof LoanShare>;
export type LoanStatusName = Type.Static<typeof LoanStatus>;
export type LoanSortName = Type.Static<typeof LoanSort>;
