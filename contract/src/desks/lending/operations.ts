import Type from 'typebox';
import type { Operation } from '../../operations/operation.ts';
import { EVERYBODY } from '../../roles.ts';
import { ListPlain } from '../../schemas/lists.ts';
import { LoanId } from './fields.ts';
import {
  CloseLoan,
  CreateLoan,
  GetProjection,
  ListLoans,
  LoanDetail,
  LoanFundingPage,
  LoanPage,
  LoanProjection,
} from './loans.ts';
import { GetPortfolio, HoldingPage, ListHoldings, Portfolio } from './portfolio.ts';

const read = { scope: 'orders:read', roles: EVERYBODY } as const;

export const LENDING_OPERATIONS = [
  {
    operationId: 'listLoans',
    method: 'GET',
    path: '/v1/loans',
    tag: 'loans',
    summary: 'List loans',
    access: read,
    query: ListLoans,
    responses: { 200: { description: 'A page of loans.', schema: LoanPage } },
    errors: ['invalid_cursor'],
  },
  {
    operationId: 'getLoan',
    method: 'GET',
    path: '/v1/loans/{id}',
    tag: 'loans',
    summary: 'Read a loan',
    description: 'With progress, schedule, and the caller’s own share.',
    access: read,
    params: Type.Object({ id: LoanId }),
    responses: { 200: { description: 'The loan.', schema: LoanDetail } },
  },
  {
    operationId: 'listLoanFundings',
    method: 'GET',
    path: '/v1/loans/{id}/fundings',
    tag: 'loans',
    summary: 'List a loan’s investments',
    description:
      'Newest first. Investors have aliases, the same as in the event `loan_progress`; operators see who they are.',
    access: read,
    params: Type.Object({ id: LoanId }),
    query: ListPlain,
    responses: { 200: { description: 'A page of investments.', schema: LoanFundingPage } },
    errors: ['invalid_cursor'],
  },
  {
    operationId: 'projectLoan',
    method: 'GET',
    path: '/v1/loans/{id}/projection',
    tag: 'loans',
    summary: 'See what an investment would bring',
    description:
      'For a loan that is open: the caller’s part of each instalment, computed as it will be paid, if this amount were invested ' +
      'now, beside what the caller has in it already, and the loan were fully funded today.',
    access: read,
    params: Type.Object({ id: LoanId }),
    query: GetProjection,
    responses: { 200: { description: 'The payments.', schema: LoanProjection } },
    errors: ['invalid_amount', 'loan_not_open'],
  },
  {
    operationId: 'createLoan',
    method: 'POST',
    path: '/v1/loans',
    tag: 'loans',
    summary: 'Open a loan for funding',
    description:
      'With an `Idempotency-Key` it acts once and answers the same again; a `loan_id` of the client’s choice is refused the second time.',
    access: { scope: 'loans:write', roles: ['operator'] },
    headers: ['Idempotency-Key'],
    body: CreateLoan,
    responses: { 201: { description: 'The loan.', schema: LoanDetail, headers: ['Location', 'Idempotent-Replayed'] } },
    errors: ['invalid_amount', 'id_taken', 'idempotency_mismatch', 'rate_limited'],
  },
  {
    operationId: 'closeLoan',
    method: 'POST',
    path: '/v1/loans/{id}/close',
    tag: 'loans',
    summary: 'Close a loan for funding',
    description:
      'Ends the funding of a loan that is open, before its deadline: every investor gets the money back, and is told. It cannot be ' +
      'undone. The reason is told to everybody; who closed it is kept in the order.',
    access: { scope: 'loans:write', roles: ['operator'] },
    params: Type.Object({ id: LoanId }),
    headers: ['Idempotency-Key'],
    body: CloseLoan,
    responses: { 200: { description: 'The loan, closed.', schema: LoanDetail, headers: ['Idempotent-Replayed'] } },
    errors: ['loan_not_open', 'refund_blocked', 'idempotency_in_flight', 'idempotency_mismatch', 'rate_limited'],
  },
  {
    operationId: 'getPortfolio',
    method: 'GET',
    path: '/v1/portfolio',
    tag: 'portfolio',
    summary: 'Read your own portfolio',
    description:
      'What the caller has in loans: invested, earned, expected, and the cash flows of an XIRR. Everything that was committed ' +
      'before the call is in it.',
    access: read,
    query: GetPortfolio,
    responses: { 200: { description: 'The portfolio.', schema: Portfolio } },
  },
  {
    operationId: 'listHoldings',
    method: 'GET',
    path: '/v1/portfolio/holdings',
    tag: 'portfolio',
    summary: 'List the loans you have put money into',
    access: read,
    query: ListHoldings,
    responses: { 200: { description: 'A page of holdings.', schema: HoldingPage } },
    errors: ['invalid_cursor'],
  },
] as const satisfies readonly Operation[];
