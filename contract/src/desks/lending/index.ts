import { type ChannelEntry, channelOf, type DeskContract } from '../desk.ts';
import { LENDING_EVENTS } from './events.ts';
import { LENDING_KINDS } from './kinds.ts';
import {
  CloseLoan,
  CreateLoan,
  Loan,
  LoanDetail,
  LoanFunding,
  LoanInstallment,
  LoanProjection,
  LoanShare,
} from './loans.ts';
import { LENDING_OPERATIONS } from './operations.ts';
import { Holding, Portfolio } from './portfolio.ts';
import { LENDING_LINES, LENDING_SETTINGS, LENDING_TOTALS } from './shared-answers.ts';
import { LENDING_VOCABULARY } from './vocabulary.ts';

export * from './fields.ts';
export * from './loans.ts';
export * from './portfolio.ts';

const LENDING_CHANNELS = {
  loans: {
    scope: null,
    description: 'What everybody may know about all loans.',
    carries: { visibility: 'public', subject: 'loan' },
  },
  // Followers rely on it to stay, also behind a loan's last event.
  loan: channelOf('loan', { visibility: 'public', description: 'What everybody may know about one loan.', closes: [] }),
} as const satisfies Record<string, ChannelEntry>;

/** Loans that investors fund, and that are repaid to them. */
export const lending = {
  name: 'lending',
  vocabulary: LENDING_VOCABULARY,
  kinds: LENDING_KINDS,
  events: LENDING_EVENTS,
  channels: LENDING_CHANNELS,
  tags: { loans: 'Loans that can be funded.', portfolio: 'What an investor has in loans.' },
  operations: LENDING_OPERATIONS,
  lines: LENDING_LINES,
  totals: LENDING_TOTALS,
  settings: LENDING_SETTINGS,
  found: ['loan'],
  schemas: {
    CloseLoan,
    CreateLoan,
    Holding,
    Loan,
    LoanDetail,
    LoanFunding,
    LoanInstallment,
    LoanProjection,
    LoanShare,
    Portfolio,
  },
} as const satisfies DeskContract<typeof LENDING_KINDS, typeof LENDING_EVENTS>;
