import type {
  PeriodBalancesView,
  AuditEntryView,
  AuditQuery,
  EventType,
  LedgerAccountView,
  OrderExplanationView,
  SearchResultView,
  TransferReason,
  TrialBalanceView,
  UserDetailView,
  UserEntryView,
  WireClock,
  WireInstallation,
  WireTransfer,
  WireOverview,
  WireVerification,
} from '@millrace/contract';
import type { Caller } from '../../core/caller.ts';
import type { OrderAnswer } from '../../core/order.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Page, Result } from '../../core/result.ts';
import type { Resources } from '../../desks/resource.ts';
import type { WireEvent } from '../../events/event.ts';
import type { Identity } from '../../intake/identity/index.ts';
import type { Intake } from '../../intake/intake.ts';
import type { Reports } from '../../intake/reports.ts';
import type { EventStreams, LiveValue } from '../../push/index.ts';

/** Where a list goes on. */
interface Paging {
  limit: number;
  cursor?: string | undefined;
}

/** Id → what it is called. */
type Names = Record<string, string>;

export type NamedOrder = OrderAnswer & { names?: Names };

export interface OrderReader {
  get(caller: Caller, orderId: string): Promise<NamedOrder | undefined>;
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
  ): Promise<Result<Page<NamedOrder>>>;
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

export interface AccountReader {
  list(caller: Caller, options: Paging): Promise<Result<Page<AccountView>>>;
  /** undefined where the account is not the caller's. */
  statement(
    caller: Caller,
    accountId: string,
    options: Paging & {
      from?: string | undefined;
      to?: string | undefined;
      reason?: TransferReason | undefined;
      direction?: 'debit' | 'credit' | undefined;
    },
  ): Promise<Result<Page<WireTransfer>> | undefined>;
  /** undefined where the account is not the caller's. */
  balances(
    caller: Caller,
    accountId: string,
    period: { from?: string | undefined; to?: string | undefined },
  ): Promise<Result<PeriodBalancesView> | undefined>;
}

export interface EventReader {
  list(
    caller: Caller,
    options: { after?: string | undefined; limit: number; type?: EventType | undefined },
  ): Promise<Result<Page<WireEvent>>>;
  /** The caller's own, newest first. */
  newest(caller: Caller, options: Paging): Promise<Result<Page<WireEvent & { names: Names }>>>;
}

export interface DeadLetterView {
  id: string;
  order_id: string;
  kind: string;
  error: string;
  created_at: string;
  retried_at: string | null;
  user_id: string | null;
  params: JsonObject;
  names: Names;
  outcome: { status: string; reason: string | null } | null;
}

export interface DeadLetterReader {
  list(caller: Caller, options: Paging): Promise<Result<Page<DeadLetterView>>>;
}

export interface ExplanationReader {
  explain(caller: Caller, orderId: string): Promise<OrderExplanationView | undefined>;
}

/** What only operators ask: the edge has looked at role and scope. */
export interface UserReader {
  list(
    options: Paging & { search?: string | undefined; role?: UserEntryView['role'] | undefined },
  ): Promise<Result<Page<UserEntryView>>>;
  get(userId: string): Promise<UserDetailView | undefined>;
}

export interface AuditReader {
  list(options: Paging & Omit<AuditQuery, 'limit' | 'cursor'>): Promise<Result<Page<AuditEntryView>>>;
}

export interface SearchReader {
  find(text: string): Promise<SearchResultView[]>;
}

export interface LedgerReader {
  trialBalance(asset?: string): Promise<Result<TrialBalanceView>>;
  accounts(
    options: Paging & {
      owner?: string | undefined;
      asset?: string | undefined;
      purpose?: string | undefined;
      sort?: 'owner' | 'balance' | undefined;
    },
  ): Promise<Result<Page<LedgerAccountView>>>;
  account(accountId: string): Promise<LedgerAccountView | undefined>;
}

export interface VerificationRunner {
  run(options?: { full?: boolean }): Promise<Result<WireVerification>>;
  latest(): WireVerification | undefined;
}

export interface HealthReader {
  readiness(): Promise<{ ready: boolean; checks: { name: string; ok: boolean }[] }>;
}

export interface MetricsReader {
  text(): Promise<{ body: string; contentType: string }>;
}

/** What the edge translates to. It holds no rule and no SQL of its own. */
export interface RestServices {
  intake: Pick<Intake, 'submit' | 'holdBatchKey' | 'preview' | 'cancel' | 'retryDeadLetter'>;
  identity: Pick<
    Identity,
    | 'authenticate'
    | 'actAs'
    | 'register'
    | 'login'
    | 'logout'
    | 'listSessions'
    | 'endSession'
    | 'endSessions'
    | 'changePassword'
    | 'createResetLink'
    | 'resetPassword'
    | 'issueTicket'
    | 'createKey'
    | 'listKeys'
    | 'revokeKey'
    | 'listKeysOf'
    | 'revokeKeyOf'
    | 'disable'
    | 'enable'
    | 'record'
    | 'recordIntrusion'
    | 'me'
  >;
  reports: Reports;
  orders: OrderReader;
  accounts: AccountReader;
  /** What the desks answer. */
  resources: Partial<Resources>;
  events: EventReader;
  deadLetters: DeadLetterReader;
  explanations: ExplanationReader;
  users: UserReader;
  audit: AuditReader;
  search: SearchReader;
  ledger: LedgerReader;
  push: Pick<EventStreams, 'sse'>;
  /** `fromThisMachine`: whether a program of this machine asks, which may read the data folder anyway. */
  installation: {
    read(options: { fromThisMachine: boolean }): Promise<WireInstallation>;
    live: Pick<LiveValue, 'open'>;
  };
  overview: { read(): Promise<WireOverview>; live: Pick<LiveValue, 'open'> };
  verifications: VerificationRunner;
  /** An operator (bare UUID) says that the clock is right. */
  clock: { confirm(by: string): Promise<WireClock> };
  health: HealthReader;
  metrics: MetricsReader;
}

export interface RestOptions {
  /** Origins of other sites whose pages may call, with cookies too: `https://app.example.com`. Default: none. */
  allowedOrigins?: readonly string[] | undefined;
  /** A caller that sends it may read `/metrics` from anywhere. Default: only this machine may. */
  metricsToken?: string | undefined;
  /** The AsyncAPI document. */
  asyncApi: object;
  /** Requests of one address to registration and login in a minute. Default AUTH_REQUESTS_PER_MINUTE. */
  authRequestsPerMinute?: number | undefined;
}
