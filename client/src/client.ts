import type {
  ApiKey,
  ApiKeyCreated,
  ChangePasswordBody,
  CreateApiKeyBody,
  EventsQuery,
  LoginBody,
  PageQuery,
  RegistrationBody,
  ResetPasswordBody,
  SessionAnswer,
  SessionView,
  Ticket,
  PeriodBalancesView,
  TransfersQuery,
  User,
  WireAccount,
  WireDeadLetter,
  WireEventEnvelope,
  WireOrder,
  WirePage,
  WireReadiness,
  WireTransfer,
} from '@millrace/contract';
import { type Call, type CallOptions, createTransport, type TransportOptions } from './http.ts';
import { createInstallationCalls, type InstallationCalls } from './installation.ts';
import { createLoans, createPortfolio, type Loans, type PortfolioCalls } from './loans.ts';
import { createMerchants, type MerchantCalls } from './merchants.ts';
import { createOperatorCalls, type OperatorCalls } from './operators.ts';
import { createOrders, type Orders } from './orders.ts';
import { itemsOf } from './pages.ts';
import type { SocketConstructor } from './stream/connection.ts';
import { openStream, type Stream, type StreamOptions } from './stream/stream.ts';

export interface ClientOptions extends TransportOptions {
  /** Default: the global one. */
  WebSocket?: SocketConstructor;
}

/** Every operation of the HTTP API. A refusal is thrown as a {@link MillraceError}. */
export interface Client extends InstallationCalls, OperatorCalls {
  readonly url: string;
  readonly orders: Orders;
  readonly auth: {
    register(body: RegistrationBody, options?: CallOptions): Promise<SessionAnswer>;
    logIn(body: LoginBody, options?: CallOptions): Promise<SessionAnswer>;
    logOut(options?: CallOptions): Promise<void>;
    /** Every other session ends. */
    changePassword(body: ChangePasswordBody, options?: CallOptions): Promise<void>;
    /** With the token of a one-time link. */
    resetPassword(body: ResetPasswordBody, options?: CallOptions): Promise<void>;
    /** Opens one WebSocket, once, within 30 seconds. */
    ticket(options?: CallOptions): Promise<Ticket>;
  };
  readonly apiKeys: {
    create(body: CreateApiKeyBody, options?: CallOptions): Promise<ApiKeyCreated>;
    /** The caller's own, newest first. */
    list(query?: PageQuery, options?: CallOptions): Promise<WirePage<ApiKey>>;
    all(query?: PageQuery, options?: CallOptions): AsyncGenerator<ApiKey>;
    delete(id: string, options?: CallOptions): Promise<void>;
  };
  /** The caller's own log-ins. */
  readonly sessions: {
    list(query?: PageQuery, options?: CallOptions): Promise<WirePage<SessionView>>;
    end(id: string, options?: CallOptions): Promise<void>;
    /** The one that asks, too. */
    endAll(options?: CallOptions): Promise<void>;
  };
  readonly accounts: {
    /** By purpose and asset; cash comes first. */
    list(query?: PageQuery, options?: CallOptions): Promise<WirePage<WireAccount>>;
    all(query?: PageQuery, options?: CallOptions): AsyncGenerator<WireAccount>;
    transfers(id: string, query?: TransfersQuery, options?: CallOptions): Promise<WirePage<WireTransfer>>;
    allTransfers(id: string, query?: TransfersQuery, options?: CallOptions): AsyncGenerator<WireTransfer>;
    /** Before `from`, and before `to` or now. */
    balances(
      id: string,
      period?: Pick<TransfersQuery, 'from' | 'to'>,
      options?: CallOptions,
    ): Promise<PeriodBalancesView>;
  };
  readonly loans: Loans;
  readonly portfolio: PortfolioCalls;
  readonly merchants: MerchantCalls;
  readonly events: {
    /** Events after the cursor, oldest first. `next_cursor` goes on from here, also in a stream. */
    list(query?: EventsQuery, options?: CallOptions): Promise<WirePage<WireEventEnvelope>>;
    /** The caller's own, newest first. */
    own(query?: PageQuery, options?: CallOptions): Promise<WirePage<WireEventEnvelope>>;
  };
  readonly deadLetters: {
    list(query?: PageQuery, options?: CallOptions): Promise<WirePage<WireDeadLetter>>;
    retry(id: string, options?: CallOptions): Promise<WireOrder>;
  };
  me(options?: CallOptions): Promise<User>;
  /** Opens a live connection, which is kept until it is closed. */
  stream(options?: StreamOptions): Stream;
  /** What the server says about itself, ready or not. */
  readiness(options?: CallOptions): Promise<WireReadiness>;
}

/** A client for one server and one caller. Holds no connection of its own; needs no closing. */
export function createClient(options: ClientOptions): Client {
  const transport = createTransport(options);
  const call = async <T>(request: Call, callOptions?: CallOptions): Promise<T> =>
    (await transport.send<T>(request, callOptions)).body;
  const get = <T>(path: string, query: Call['query'], callOptions?: CallOptions): Promise<T> =>
    call<T>({ method: 'GET', path, query }, callOptions);
  const post = <T>(path: string, body: unknown, callOptions?: CallOptions): Promise<T> =>
    call<T>({ method: 'POST', path, body }, callOptions);

  const accounts: Client['accounts'] = {
    list: (query = {}, more) => get('/v1/accounts', query, more),
    all: (query = {}, more) => itemsOf((at) => accounts.list({ ...query, ...at }, more)),
    transfers: (id, query = {}, more) => get(`/v1/accounts/${encodeURIComponent(id)}/transfers`, query, more),
    allTransfers: (id, query = {}, more) => itemsOf((at) => accounts.transfers(id, { ...query, ...at }, more)),
    balances: (id, period = {}, more) => get(`/v1/accounts/${encodeURIComponent(id)}/balances`, period, more),
  };
  const apiKeys: Client['apiKeys'] = {
    create: (body, more) => post('/v1/api-keys', body, more),
    list: (query = {}, more) => get('/v1/api-keys', query, more),
    all: (query = {}, more) => itemsOf((at) => apiKeys.list({ ...query, ...at }, more)),
    delete: (id, more) => call({ method: 'DELETE', path: `/v1/api-keys/${encodeURIComponent(id)}` }, more),
  };

  return {
    url: transport.url,
    orders: createOrders(transport),
    ...createInstallationCalls(transport),
    ...createOperatorCalls(transport),
    auth: {
      register: (body, more) => post('/v1/auth/registration', body, more),
      logIn: (body, more) => post('/v1/auth/login', body, more),
      logOut: (more) => post('/v1/auth/logout', undefined, more),
      changePassword: (body, more) => post('/v1/me/password', body, more),
      resetPassword: (body, more) => post('/v1/auth/password-reset', body, more),
      ticket: (more) => post('/v1/auth/ticket', undefined, more),
    },
    apiKeys,
    sessions: {
      list: (query = {}, more) => get('/v1/sessions', query, more),
      end: (id, more) => call({ method: 'DELETE', path: `/v1/sessions/${encodeURIComponent(id)}` }, more),
      endAll: (more) => call({ method: 'DELETE', path: '/v1/sessions' }, more),
    },
    accounts,
    loans: createLoans(transport),
    portfolio: createPortfolio(transport),
    merchants: createMerchants(transport),
    events: {
      list: (query = {}, more) => get('/v1/events', query, more),
      own: (query = {}, more) => get('/v1/notifications', query, more),
    },
    deadLetters: {
      list: (query = {}, more) => get('/v1/dead-letters', query, more),
      retry: (id, more) => post(`/v1/dead-letters/${encodeURIComponent(id)}/retry`, undefined, more),
    },
    stream(streamOptions = {}) {
      const ticket = async (signal: AbortSignal): Promise<string> => {
        // The stream has its own patience: it tries again for as long as it is wanted.
        const answer = await post<Ticket>('/v1/auth/ticket', undefined, { signal, retry: { attemptsMax: 1 } });
        return answer.ticket;
      };
      return openStream({ url: transport.url, ticket }, { WebSocket: options.WebSocket, ...streamOptions });
    },
    me: (more) => get('/v1/me', {}, more),
    readiness: (more) => call({ method: 'GET', path: '/readyz', accept: [503] }, more),
  };
}
