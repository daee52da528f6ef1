import type {
  ApiKey,
  ApiKeyCreated,
  ChangePasswordBody,
  ResetLink,
  ResetPasswordBody,
  Role,
  Scope,
  SessionAnswer,
  SessionView,
  Ticket,
  User,
} from '@millrace/contract';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Caller } from '../../core/caller.ts';
import type { Clock } from '../../core/clock.ts';
import type { Page, Result } from '../../core/result.ts';
import type { AuditOrigin, AuditRecord } from './audit.ts';
import type { LimitsConfig } from './limits.ts';
import type { Argon2 } from './passwords.ts';

export interface IdentityConfig extends LimitsConfig {
  /** How long a session lives from the login on, however much it is used. Default 7 days. */
  sessionLifetimeMs?: number | undefined;
  /** Passwords that are hashed at a time. Default 2. */
  passwordsAtOnce?: number | undefined;
  /** Passwords that may wait for that; more are refused with `overloaded`. Default 256. */
  passwordsWaitingMax?: number | undefined;
  /** Whether users that were made with `demo` are refused (`NODE_ENV=production`). Default false. */
  refuseDemoUsers?: boolean | undefined;
}

/** What others do when a user comes in. */
export interface IdentityHooks {
  /** Inside the transaction that inserts the user: what it writes exists exactly if the user does. */
  onRegistered?(client: pg.PoolClient, userId: string): Promise<void>;
  /** After the commit and before the answer. An error is logged and does not undo the registration. */
  afterRegistered?(userId: string): Promise<void>;
}

export interface IdentityOptions {
  pool: pg.Pool;
  clock: Clock;
  log: Logger;
  config?: IdentityConfig;
  hooks?: IdentityHooks;
  /** Default: the real one. For tests, which count its calls. */
  argon2?: Argon2;
}

export interface RegistrationInput {
  email: string;
  password: string;
  name: string;
}

/** `address`: what registrations are limited by. */
export interface RegistrationContext extends AuditOrigin {
  /** Who registers the user, where a user is logged in, and whether with a session rather than a key. */
  by?: { caller: Caller; isSession: boolean } | undefined;
  /** Default investor. Anything given is the operator's to give; `service` is nobody's. */
  role?: Role | undefined;
}

export interface NewUser {
  email: string;
  name: string;
  role: Role;
  /** Default: one is made up and returned. null: the user cannot log in (a service may act for it). Services have none. */
  password?: string | null | undefined;
  /** Bare UUID of the service that may act for this user. */
  createdBy?: string | undefined;
  /** Marks a user of a demonstration. Default false. */
  demo?: boolean | undefined;
  /** Runs the registration's hooks, so that the user gets the starting balance. Default false. */
  welcome?: boolean | undefined;
}

export interface KeyInput {
  name: string;
  scopes: readonly Scope[];
  expires_in_days?: number | undefined;
}

export type ServiceKeyInput = Omit<KeyInput, 'scopes'> & {
  /** Bare UUID of a user with the role service. */
  userId: string;
  /** Default: all that a service may do. */
  scopes?: readonly Scope[] | undefined;
};

/** Who came with a ticket. */
export interface TicketHolder {
  /** As it was when the ticket was issued. */
  caller: Caller;
  /** Who it is now; undefined where the session or key that the ticket was issued for has ended. */
  again(): Promise<Caller | undefined>;
}

export interface ListPage {
  limit?: number | undefined;
  cursor?: string | undefined;
}

/** Who is asking, and what that user may do. Ids are bare UUIDs, except in answers, which go out as they are. */
export interface Identity {
  /**
   * Makes a user and a session. A service (`users:write`) may act for the users that it registers; an operator
   * (`operate`) may give a role, with a session: a key that could make an operator would be worth one.
   *
   * What is hidden: nothing but the refusal itself tells a taken address from a new one; its words are the same for
   * every refusal, and the password is hashed before the address is looked at. What is not: that a registration was
   * refused, which without a message to the address cannot be told otherwise. Each such question counts as a
   * registration of its address (`registrationsPerHour`), and leaves a user behind where the address was free.
   *
   * Errors, first come first: `forbidden`, `invalid_request`, `rate_limited`, `overloaded`, `registration_refused`.
   * Services and operators are not limited by address.
   */
  register(input: RegistrationInput, context: RegistrationContext): Promise<Result<SessionAnswer>>;
  /**
   * Opens a session. Takes one password verification whether the address is known, disabled, a service's or nobody's,
   * and answers the same. At the limit of failures it answers `rate_limited` without looking at the password; a
   * verification under way when the limit is reached is not told either. Failures count for the address that they came
   * from, so that they keep nobody else out; only a flood of them, from many addresses, keeps an owner from logging in
   * at a place where that owner never was.
   *
   * Errors, first come first: `rate_limited`, `overloaded`, `invalid_credentials`.
   */
  login(input: { email: string; password: string }, context: AuditOrigin): Promise<Result<SessionAnswer>>;
  /** The caller's open sessions, newest first; `token`: the one that asks. Error: `invalid_cursor`. */
  listSessions(caller: Caller, token: string, page: ListPage): Promise<Result<Page<SessionView>>>;
  /** False where the caller has no such session. */
  endSession(caller: Caller, sessionId: string): Promise<boolean>;
  /** Ends every session of the caller, and what they opened. */
  endSessions(caller: Caller): Promise<void>;
  /**
   * Sets a new password; every other session than `token`'s ends. A wrong current password counts as a failed log-in.
   *
   * Errors, first come first: `forbidden` (no password), `rate_limited`, `overloaded`, `wrong_password`, `invalid_request`.
   */
  changePassword(
    caller: Caller,
    token: string,
    input: ChangePasswordBody,
    from: AuditOrigin,
  ): Promise<Result<undefined>>;
  /**
   * A one-time link to a new password. `by`: the operator; undefined: the command line.
   *
   * Errors, first come first: `forbidden` (no operator, a user without a password of their own), `not_found`.
   */
  createResetLink(by: Caller | undefined, userId: string): Promise<Result<ResetLink>>;
  /**
   * Sets the password that a link is good for; the user's sessions end. Errors, first come first: `reset_link_invalid`,
   * `invalid_request`, `overloaded`.
   */
  resetPassword(input: ResetPasswordBody, from: AuditOrigin): Promise<Result<undefined>>;
  /** Ends the session. A token that is none is no error. */
  logout(token: string): Promise<void>;
  /**
   * Whose session token or API key this is; undefined where it is nobody's (any longer). Answers are kept for five
   * seconds: so long another process may accept what was revoked here. In this process revoking acts at once.
   *
   * @throws ProblemError `overloaded` where too many unknown tokens wait to be looked up; the database's errors.
   */
  authenticate(token: string): Promise<Caller | undefined>;
  /**
   * The service as it acts for a user that it registered; undefined where it may not. A caller may be who it is: one that
   * acts for a user already, for no other.
   */
  actAs(caller: Caller, userId: string): Promise<Caller | undefined>;
  /**
   * A ticket for one WebSocket within 30 seconds, good in every process of the installation. `token`: what the caller
   * showed, a session's token or a key; the ticket is good for as long as that is.
   */
  issueTicket(caller: Caller, token: string): Promise<Ticket>;
  /** Who the ticket was issued to. The ticket is used up, whatever the answer. Throws as `authenticate`. */
  redeemTicket(ticket: string): Promise<TicketHolder | undefined>;
  /**
   * A key with some of the caller's scopes.
   *
   * Errors, first come first: `forbidden` (acting for a user), `invalid_request`, `forbidden` (a scope that the
   * caller does not have), `too_many_keys` (100 a user).
   */
  createKey(caller: Caller, input: KeyInput): Promise<Result<ApiKeyCreated>>;
  /** The caller's own keys, newest first. `limit` 1 to 200, default 50. Error: `invalid_cursor`. */
  listKeys(
    caller: Caller,
    page: { limit?: number | undefined; cursor?: string | undefined },
  ): Promise<Result<Page<ApiKey>>>;
  /** Operators: any user's keys. Errors, first come first: `forbidden`, `not_found`, `invalid_cursor`. */
  listKeysOf(
    caller: Caller,
    userId: string,
    page: { limit?: number | undefined; cursor?: string | undefined },
  ): Promise<Result<Page<ApiKey>>>;
  /** False where there is no such key of the caller's; operators (`operate`) may revoke everybody's. */
  revokeKey(caller: Caller, keyId: string): Promise<boolean>;
  /** Operators: a key of this user. False where the user has no such key. */
  revokeKeyOf(caller: Caller, userId: string, keyId: string): Promise<boolean>;
  /** For the command line, demonstrations and edges that make users: limits do not apply. Errors as for `register`. */
  createUser(input: NewUser): Promise<Result<{ user: User; password?: string }>>;
  /** Errors: `not_found` where there is no such service; then as for `createKey`. */
  createServiceKey(input: ServiceKeyInput): Promise<Result<ApiKeyCreated>>;
  /** Disables a user at once: sessions and tickets end, keys and the password are refused. False: no such user. */
  disableUser(userId: string): Promise<boolean>;
  /**
   * Operators: as `disableUser`, and keeps who did it. Again is no error. Errors, first come first: `forbidden` (no
   * operator, oneself, or the user that Millrace itself works as), `not_found`.
   */
  disable(caller: Caller, userId: string): Promise<Result<undefined>>;
  /** Operators: password and keys work again. Errors: as `disable`. */
  enable(caller: Caller, userId: string): Promise<Result<undefined>>;
  /** Writes down what was done, for operators. Never throws. Log-ins and resets are written down by identity itself. */
  record(record: AuditRecord): Promise<void>;
  /** Writes down that a user who may not do such things at all has tried to: of one user and of all only so many an hour. Never throws. */
  recordIntrusion(record: AuditRecord & { actorId: string }): Promise<void>;
  /**
   * The listener is called when something has ended by which this user (bare UUID) came in: what keeps a connection
   * open for the user asks again who it is. Another process hears of it within its own rechecks.
   */
  onEnding(listener: (userId: string) => void): void;
  /** The user that the caller is, or acts for. */
  me(caller: Caller): Promise<User | undefined>;
  /**
   * Deletes at most `limit` of what has expired: sessions, tickets, and keys a month after their expiry, so that
   * their owners can see why they stopped. Returns how many; to be called again while that is `limit`.
   */
  purgeExpired(limit: number): Promise<number>;
}

/** What the parts of identity share. */
export interface IdentityParts {
  pool: pg.Pool;
  clock: Clock;
  log: Logger;
  refuseDemoUsers: boolean;
}
