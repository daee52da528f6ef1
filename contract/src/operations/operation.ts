import type Type from 'typebox';
import type { ErrorCode } from '../errors.ts';
import type { Role, Scope } from '../roles.ts';

/**
 * Who may call. `public`: everybody. `metrics`: callers with the metrics token, or from this machine. `signature`: senders that
 * sign the body by one of the secrets agreed on, as the Standard Webhooks specification has it. Otherwise a
 * caller with one of the roles whose session or key has the scope (null: any scope will do); with `sessionOnly` an API
 * key is not enough.
 */
export type Access =
  | 'public'
  | 'metrics'
  | 'signature'
  | { scope: Scope | null; roles: readonly Role[]; sessionOnly?: true };

/** Headers that some operations understand. */
export type HeaderName = 'Idempotency-Key' | 'Prefer' | 'Last-Event-ID';

export interface ResponseSpec {
  description: string;
  /** Absent: the answer has no body. */
  schema?: Type.TSchema;
  /** Default: `application/json`. */
  mediaType?: string;
  headers?: readonly ('Location' | 'Idempotent-Replayed' | 'Preference-Applied')[];
}

/** One operation of the HTTP API, as data: routes, permissions, OpenAPI and the authorization tests come from it. */
export interface Operation {
  operationId: string;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** As OpenAPI writes it: `/v1/orders/{id}`. */
  path: string;
  /** The group that it belongs to: one of `TAGS`. */
  tag: string;
  summary: string;
  description?: string;
  access: Access;
  /** Path parameters. A path whose parameters do not fit names nothing: 404. */
  params?: Type.TObject;
  /** Absent: every query parameter is an error. */
  query?: Type.TObject;
  /** The body as the document shows it. */
  body?: Type.TSchema;
  /** What the edge checks, where something behind it checks the rest. Default: `body`. */
  bodyShape?: Type.TSchema;
  headers?: readonly HeaderName[];
  responses: Readonly<Record<number, ResponseSpec>>;
  /** Codes of its own, beside those that follow from access, parameters and body. */
  errors?: readonly ErrorCode[];
  /** Default: BODY_LIMIT_BYTES. */
  bodyLimitBytes?: number;
  /** The answer does not end by itself. */
  streaming?: true;
  /** Whether a call goes to the audit log where that does not follow from `access`: see `isAudited`. */
  audited?: true;
}

/**
 * Whether calls of people who operate go to the audit log: what only operators may do and what changes something, and what
 * is declared so (a query that exports, an act that others may do too).
 */
export function isAudited(operation: Operation): boolean {
  return operation.audited === true || (isForOperatorsAlone(operation) && operation.method !== 'GET');
}

export function isForOperatorsAlone({ access }: Pick<Operation, 'access'>): boolean {
  return typeof access === 'object' && access.roles.every((role) => role === 'operator');
}

/** A body's size where an operation says nothing else: an order is a few hundred bytes, metadata has room. */
export const BODY_LIMIT_BYTES = 64 * 1024;

/** A batch's body: 1,000 orders of 2 KiB. */
export const BATCH_BODY_LIMIT_BYTES = 2 * 1024 * 1024;
