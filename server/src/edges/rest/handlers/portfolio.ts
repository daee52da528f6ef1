import type { GetPortfolio, ListHoldings } from '@millrace/contract';
import type Type from 'typebox';
import type { RestServices } from '../services.ts';
import { type Handlers, sendResult } from './handler.ts';

type HoldingsQuery = Type.Static<typeof ListHoldings> & { limit: number };

export function portfolioHandlers({ portfolio }: RestServices): Handlers<'getPortfolio' | 'listHoldings'> {
  return {
    async getPortfolio(request, reply) {
      return sendResult(reply, await portfolio.get(request.caller, request.query as Type.Static<typeof GetPortfolio>));
    },
    async listHoldings(request, reply) {
      return sendResult(reply, await portfolio.holdings(request.caller, request.query as HoldingsQuery));
    },
  };
}
