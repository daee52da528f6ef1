import type {
  CloseLoanBody,
  HoldingsQuery,
  HoldingView,
  LoanDetailView,
  LoanFundingView,
  LoanProjectionView,
  LoansQuery,
  LoanView,
  PageQuery,
  PortfolioView,
  WireCreateLoan,
  WirePage,
} from '@millrace/contract';
import type { CallOptions, Transport } from './http.ts';
import { newIdempotencyKey } from './orders.ts';
import { itemsOf } from './pages.ts';

export interface CreateLoanOptions extends CallOptions {
  /**
   * 1 to 255 visible ASCII characters, for a caller that may send the same loan again later: with the same key and body it
   * is opened once. Default: a new key for each call.
   */
  idempotencyKey?: string | undefined;
}

export interface Loans {
  /** Operators. Acts once, however often it has to be sent; `replayed`: it had been opened by an earlier call. */
  create(body: WireCreateLoan, options?: CreateLoanOptions): Promise<LoanDetailView & { replayed: boolean }>;
  /** Operators. Ends the funding of an open loan: everybody gets their money back. Acts once. */
  close(id: string, body: CloseLoanBody, options?: CreateLoanOptions): Promise<LoanDetailView>;
  get(id: string, options?: CallOptions): Promise<LoanDetailView>;
  list(query?: LoansQuery, options?: CallOptions): Promise<WirePage<LoanView>>;
  all(query?: LoansQuery, options?: CallOptions): AsyncGenerator<LoanView>;
  /** Who put in what, newest first, under aliases; `loan_progress` goes on with the same. */
  fundings(id: string, query?: PageQuery, options?: CallOptions): Promise<WirePage<LoanFundingView>>;
  allFundings(id: string, query?: PageQuery, options?: CallOptions): AsyncGenerator<LoanFundingView>;
  /** What an investment of so much (a decimal string) would bring. */
  projection(id: string, amount: string, options?: CallOptions): Promise<LoanProjectionView>;
}

export function createLoans(transport: Transport): Loans {
  const get = async <T>(path: string, query: object, options?: CallOptions): Promise<T> =>
    (await transport.send<T>({ method: 'GET', path, query: { ...query } }, options)).body;
  const loans: Loans = {
    async create(body, { idempotencyKey = newIdempotencyKey(), ...options } = {}) {
      const headers = { 'idempotency-key': idempotencyKey };
      const request = { method: 'POST', path: '/v1/loans', body, headers, idempotent: true } as const;
      const reply = await transport.send<LoanDetailView>(request, options);
      return { ...reply.body, replayed: reply.headers.get('idempotent-replayed') === 'true' };
    },
    async close(id, body, { idempotencyKey = newIdempotencyKey(), ...options } = {}) {
      const headers = { 'idempotency-key': idempotencyKey };
      const request = { method: 'POST', path: `${pathOf(id)}/close`, body, headers, idempotent: true } as const;
      return (await transport.send<LoanDetailView>(request, options)).body;
    },
    get: (id, options) => get(pathOf(id), {}, options),
    list: (query = {}, options) => get('/v1/loans', query, options),
    all: (query = {}, options) => itemsOf((at) => loans.list({ ...query, ...at }, options)),
    fundings: (id, query = {}, options) => get(`${pathOf(id)}/fundings`, query, options),
    allFundings: (id, query = {}, options) => itemsOf((at) => loans.fundings(id, { ...query, ...at }, options)),
    projection: (id, amount, options) => get(`${pathOf(id)}/projection`, { amount }, options),
  };
  return loans;
}

function pathOf(id: string): string {
  return `/v1/loans/${encodeURIComponent(id)}`;
}

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
