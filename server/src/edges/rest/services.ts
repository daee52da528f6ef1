import type { EventType, LoanDetailView, LoanView } from '@millrace/contract';
import type { ServerResponse } from 'node:http';
import type { Page, Result } from '../../core/result.ts';
import type { WireEvent } from '../../events/event.ts';
import type { Identity } from '../../intake/identity/index.ts';
import type { Caller, Intake, OrderAnswer } from '../../intake/intake.ts';

/** Where a list goes on. */
interface Paging {
  limit: number;
  cursor?: string | undefined;
}

export interface OrderReader {
  get(caller: Caller, orderId: string): Promise<OrderAnswer | undefined>;
  list(
    caller: Caller,
    options: Paging & {
      kind?: string | undefined;
      status?: string | undefined;
      from?: string | undefined;
      to?: string | undefined;
      user_id?: string | undefined;
      everybody?: boolean | undefined;
    },
  ): Promise<Result<Page<OrderAnswer>>>;
  events(caller: Caller, orderId: string): Promise<WireEvent[] | undefined>;
}

export interface AccountView {
  id: string;
  purpose: string;
  asset: string;
  balance: string;
  held: string;
  available: string;
}

export interface TransferView {
  /** `trf_<shard>-<sequence>` */
  id: string;
  at: string;
  reason: string;
  order_id: string;
  direction: 'debit' | 'credit';
  amount: string;
  counterparty_purpose: string;
}

export interface AccountReader {
  list(caller: Caller, options: Paging): Promise<Result<Page<AccountView>>>;
  /** undefined where the account is not the caller's. */
  statement(
    caller: Caller,
    accountId: string,
    options: Paging & { from?: string | undefined; to?: string | undefined },
  ): Promise<Result<Page<TransferView>> | undefined>;
}

export interface LoanReaderPort {
  list(caller: Caller, filter: Partial<Paging> & LoanFilters): Promise<Result<Page<LoanView>>>;
  get(caller: Caller, loanId: string): Promise<LoanDetailView | undefined>;
}

interface LoanFilters {
  sort?: 'newest' | 'deadline' | 'rate' | undefined;
  status?: LoanView['status'] | undefined;
  grade?: string | undefined;
  purpose?: string | undefined;
  asset?: string | undefined;
}

export interface EventReader {
  list(
    caller: Caller,
    options: { after?: string | undefined; limit: number; type?: EventType | undefined },
  ): Promise<Result<Page<WireEvent>>>;
}

export interface DeadLetterView {
  id: string;
  order_id: string;
  kind: string;
  error: string;
  created_at: string;
  retried_at: string | null;
}

export interface DeadLetterReader {
  list(caller: Caller, options: Paging): Promise<Result<Page<DeadLetterView>>>;
}

export interface EventStreams {
  /**
   * Begins to write server-sent events: resolves when the answer's head is written, or with a problem and nothing
   * written. Ends with the client, with the server, or when `again`, which tells who the caller is now, tells otherwise.
   */
  sse(
    caller: Caller,
    after: string | undefined,
    response: ServerResponse,
    again: () => Promise<Caller | undefined>,
  ): Promise<Result<undefined>>;
}

export interface HealthReader {
  readiness(): Promise<{ ready: boolean; checks: { name: string; ok: boolean; detail?: string }[] }>;
}

export interface MetricsReader {
  text(): Promise<{ body: string; contentType: string }>;
}

/** What the edge translates to. It holds no rule and no SQL of its own. */
export interface RestServices {
  intake: Pick<Intake, 'submit' | 'preview' | 'cancel' | 'retryDeadLetter'>;
  identity: Pick<
    Identity,
    | 'authenticate'
    | 'actAs'
    | 'register'
    | 'login'
    | 'logout'
    | 'issueTicket'
    | 'createKey'
    | 'listKeys'
    | 'revokeKey'
    | 'me'
  >;
  orders: OrderReader;
  accounts: AccountReader;
  loans: LoanReaderPort;
  events: EventReader;
  deadLetters: DeadLetterReader;
  push: EventStreams;
  health: HealthReader;
  metrics: MetricsReader;
}

export interface RestOptions {
  /** Origins of other sites whose pages may call, with cookies too: `https://app.example.com`. Default: none. */
  allowedOrigins?: readonly string[] | undefined;
  /** Whoever sends it may read `/metrics` from anywhere. Default: only this machine may. */
  metricsToken?: string | undefined;
  /** The AsyncAPI document. */
  asyncApi: object;
  /** Requests of one address to registration and login in a minute. Default AUTH_REQUESTS_PER_MINUTE. */
  authRequestsPerMinute?: number | undefined;
}
