import Type from 'typebox';
import { AssetCode, BusinessDate, Cursor, Decimal, Limit, page } from '../../schemas/common.ts';
import { LoanGrade, LoanId, LoanStatus } from './fields.ts';

const strict = { additionalProperties: false } as const;

const amount = (description: string) => Type.String({ description: `${description}, a decimal string.` });

/** The longest term is 480 months; what is overdue counts in the month of today. */
export const EXPECTED_MONTHS_MAX = 481;

/** A century of days with movements. */
export const CASH_FLOWS_MAX = 36_600;

export const CashFlow = Type.Object(
  {
    date: BusinessDate,
    amount: Type.String({ description: 'Negative: money put into loans. Positive: what came back. A decimal string.' }),
  },
  strict,
);

export const ExpectedMonth = Type.Object(
  {
    month: Type.String({ pattern: '^\\d{4}-\\d{2}$', description: 'Such as `2027-01`.' }),
    principal: Decimal,
    interest: amount('Interest before the fee'),
    fee: amount('What the installation will keep of it'),
    total: amount('principal + interest − fee'),
  },
  strict,
);

export const Portfolio = Type.Object(
  {
    asset: AssetCode,
    cash: amount('Balance of the cash account, with what is held'),
    held: amount('Of the cash, what is set aside for orders that are not final'),
    invested: amount('Principal that is still owed by loans that were paid out, defaulted ones included'),
    performing: amount('The part of `invested` that is owed by loans that pay as agreed'),
    late: amount('The part of `invested` that is owed by loans that are late but not in default'),
    defaulted: amount('The part of `invested` that is owed by loans in default'),
    value: amount(
      'cash + performing + late + committed. What loans in default owe is counted as 0: it is counted when it comes back',
    ),
    nominal_rate: Type.Union([Type.String(), Type.Null()], {
      description:
        'The yearly rate that performing and late loans charge, weighted by what they owe: a decimal of six places, before fees and losses; null where there is none.',
    }),
    committed: amount('Stakes in loans that are still open for funding'),
    outstanding: amount(
      'invested + committed: what is still out, at par. Less `defaulted`, it is the last flow of an XIRR after losses',
    ),
    funded: amount('Everything that was ever put into loans: outstanding + principal_repaid + refunded'),
    principal_repaid: amount('Principal that came back by instalments'),
    refunded: amount('What came back from loans that were not funded in time'),
    interest_received: amount('Interest that came in, after fees'),
    fees_paid: amount(
      'What the installation kept of the interest on the caller’s notes: pro rata, rounded down for each loan',
    ),
    holdings_count: Type.Integer({ description: 'How many loans the caller has ever put money into.' }),
    expected: Type.Array(ExpectedMonth, {
      maxItems: EXPECTED_MONTHS_MAX,
      description:
        'What the notes will bring by month, the next first; overdue instalments count in this month, loans in default and open ' +
        'ones do not. Each instalment’s part is rounded: within one smallest unit of what will be paid, and principal adds up exactly.',
    }),
    cash_flows: Type.Array(CashFlow, {
      maxItems: CASH_FLOWS_MAX,
      description: 'One for each business day on which money went into loans or came back, oldest first.',
    }),
  },
  { ...strict, description: 'What an investor has in loans of one asset, from the ledger.' },
);

export const Holding = Type.Object(
  {
    loan_id: LoanId,
    purpose: Type.String(),
    asset: AssetCode,
    grade: LoanGrade,
    apr: Type.String({ description: 'Yearly rate as a decimal.' }),
    term_months: Type.Integer(),
    status: LoanStatus,
    invested: amount('What the caller has put in'),
    outstanding: amount('Of that, what has not come back'),
    principal_repaid: amount('Principal that came back by instalments'),
    refunded: amount('What came back because the loan was not funded in time'),
    interest_received: amount('Interest that came in, after fees'),
    share: Type.String({ description: 'invested ÷ the loan’s amount, four places, rounded down.' }),
    next_due: Type.Union(
      [
        Type.Object(
          { date: BusinessDate, amount: amount('The caller’s part of the instalment, after the fee') },
          strict,
        ),
        Type.Null(),
      ],
      { description: 'The oldest unpaid instalment; null where none is expected.' },
    ),
    expected_total: amount('The caller’s part of everything still unpaid, after fees; 0 for open and defaulted loans'),
  },
  { ...strict, description: 'One loan that the caller has put money into.' },
);

export const HoldingPage = page(Holding);

export const HoldingSort = Type.Enum(['newest', 'invested', 'outstanding', 'interest', 'rate', 'next_due'], {
  default: 'newest',
  description:
    'By the loan’s creation, newest first; by what was invested, is outstanding, or came as interest, most first; by rate, highest ' +
    'first; by the next instalment’s date, earliest first, loans without one last.',
});

const PortfolioAsset = Type.String({ ...AssetCode, description: 'Default: the installation’s currency.' });

/** The query of `GET /v1/portfolio`. */
export const GetPortfolio = Type.Object(
  {
    asset: Type.Optional(PortfolioAsset),
  },
  strict,
);

/** The query of `GET /v1/portfolio/holdings`. */
export const ListHoldings = Type.Object(
  {
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
    sort: Type.Optional(HoldingSort),
    status: Type.Optional(LoanStatus),
    asset: Type.Optional(PortfolioAsset),
  },
  strict,
);

export type HoldingsQuery = Type.Static<typeof ListHoldings>;
export type PortfolioView = Type.Static<typeof Portfolio>;
export type HoldingView = Type.Static<typeof Holding>;
export type HoldingSortName = Type.Static<typeof HoldingSort>;
