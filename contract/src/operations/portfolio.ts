import { GetPortfolio, HoldingPage, ListHoldings, Portfolio } from '../schemas/portfolio.ts';
import { EVERYBODY, type Operation } from './operation.ts';

const read = { scope: 'orders:read', roles: EVERYBODY } as const;

export const PORTFOLIO_OPERATIONS = [
  {
    operationId: 'getPortfolio',
    method: 'GET',
    path: '/v1/portfolio',
    tag: 'portfolio',
    summary: 'Read own portfolio',
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
    summary: 'List the loans one has put money into',
    access: read,
    query: ListHoldings,
    responses: { 200: { description: 'A page of holdings.', schema: HoldingPage } },
    errors: ['invalid_cursor'],
  },
] as const satisfies readonly Operation[];
