import type { lending } from '@millrace/contract';
import { formatId } from '../../core/ids.ts';
import { NOT_FOUND } from '../../core/result.ts';
import type { DeskContext } from '../module.ts';
import { completedBy, type Refusals, type ResourcesOf } from '../resource.ts';
import { loanUuid } from './decide/common.ts';
import { listFundings } from './fundings.ts';
import { createPortfolioQueries } from './portfolio/index.ts';
import { readLoan } from './loan-detail.ts';
import { listLoans } from './loan-list.ts';
import { projectInvestment } from './projection.ts';
import { type LendingOptions, lendingSettings } from './settings.ts';

/** Why a loan that is there was not closed. */
const NOT_CLOSED: Refusals = {
  loan_not_found: NOT_FOUND,
  loan_closed: { code: 'loan_not_open', detail: 'The loan is not open for funding any more.' },
  balance_limit: {
    code: 'refund_blocked',
    detail: 'A refund would take an investor’s account past what it can hold.',
  },
};

/** What callers ask about loans and their own part in them. The commands that open and close a loan are orders of their own. */
export function lendingResources(
  context: Pick<DeskContext, 'pool' | 'clock' | 'readers'>,
  options: LendingOptions,
): ResourcesOf<typeof lending> {
  const { pool, clock } = context;
  const settings = lendingSettings(options);
  const portfolio = createPortfolioQueries(context, settings);
  return {
    listLoans: ({ query }) => listLoans(pool, query),
    async getLoan({ caller, params }) {
      const loan = await readLoan(context, caller, loanUuid(params.id));
      return loan && { ok: true, value: loan };
    },
    listLoanFundings: ({ caller, params, query }) => listFundings(context, caller, loanUuid(params.id), query),
    projectLoan({ caller, params, query }) {
      const request = { userId: caller.actingFor, loanId: loanUuid(params.id), amount: query.amount, at: clock.now() };
      return projectInvestment(pool, settings, request);
    },
    async createLoan({ caller, body, submit }) {
      const answer = completedBy(await submit('create_loan', body));
      if (!answer.ok) return answer;
      const loan = await readLoan(context, caller, loanUuid(answer.order.result['loan_id'] as string));
      return loan && { ok: true, value: loan, location: `/v1/loans/${loan.id}`, replayed: answer.replayed };
    },
    async closeLoan({ caller, params, body, submit }) {
      const id = loanUuid(params.id);
      const order = { loan_id: formatId('loan', id), reason: body.reason };
      const answer = completedBy(await submit('close_loan', order), NOT_CLOSED);
      if (!answer.ok) return answer;
      const loan = await readLoan(context, caller, id);
      return loan && { ok: true, value: loan, replayed: answer.replayed };
    },
    getPortfolio: ({ caller, query }) => portfolio.get(caller, query),
    listHoldings: ({ caller, query }) => portfolio.holdings(caller, query),
  };
}
