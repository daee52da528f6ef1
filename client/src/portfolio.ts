import type { HoldingsQuery, HoldingView, PortfolioView, WirePage } from '@millrace/contract';
import type { CallOptions, Transport } from './http.ts';
import { itemsOf } from './pages.ts';

export interface PortfolioCalls {
  /** What the caller has in loans of one asset, by default the installation's currency. */
  get(query?: { asset?: string }, options?: CallOptions): Promise<PortfolioView>;
  holdings(query?: HoldingsQuery, options?: CallOptions): Promise<WirePage<HoldingView>>;
  allHoldings(query?: HoldingsQuery, options?: CallOptions): AsyncGenerator<HoldingView>;
}

export function createPortfolio(transport: Transport): PortfolioCalls {
  const portfolio: PortfolioCalls = {
    get: async (query = {}, options) =>
      (await transport.send<PortfolioView>({ method: 'GET', path: '/v1/portfolio', query }, options)).body,
    holdings: async (query = {}, options) =>
      (await transport.send<WirePage<HoldingView>>({ method: 'GET', path: '/v1/portfolio/holdings', query }, options))
        .body,
    allHoldings: (query = {}, options) => itemsOf((at) => portfolio.holdings({ ...query, ...at }, options)),
  };
  return portfolio;
}
