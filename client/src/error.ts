import { ERRORS, type ErrorCode } from '@millrace/contract/errors';

/** A code of the registry, or what only a client can see. */
export type ClientErrorCode =
  | ErrorCode
  | 'connection_failed'
  | 'timed_out'
  | 'unexpected_answer'
  | 'queue_full'
  | 'closed';

export interface MillraceErrorFields {
  code: ClientErrorCode;
  detail: string;
  /** HTTP status; 0 where no answer came. */
  status?: number;
  requestId?: string | undefined;
  /** Fields at fault: JSON pointers into the request. */
  errors?: { pointer: string; detail: string }[];
  /** How long the server asks to wait, in milliseconds. */
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/** Why a call did not do what it was asked. Decide by `code`; `message` is for people. */
export class MillraceError extends Error {
  readonly code: ClientErrorCode;
  readonly status: number;
  readonly requestId: string | undefined;
  readonly errors: readonly { pointer: string; detail: string }[];
  readonly retryAfterMs: number | undefined;

  constructor(fields: MillraceErrorFields) {
    super(fields.detail, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = 'MillraceError';
    this.code = fields.code;
    this.status = fields.status ?? 0;
    this.requestId = fields.requestId;
    this.errors = fields.errors ?? [];
    this.retryAfterMs = fields.retryAfterMs;
  }

  /** Whether the same call may succeed later, unchanged. */
  get retryable(): boolean {
    if (this.code in ERRORS) return ERRORS[this.code as ErrorCode].retryable;
    // Something between here and the server broke, and said so in its own words.
    if (this.code === 'unexpected_answer') return this.status >= 500;
    return this.code === 'connection_failed' || this.code === 'timed_out';
  }
}

/** For an answer that is none of a Millrace server's. */
export function unexpectedAnswer(what: string, status: number, cause?: unknown): MillraceError {
  return new MillraceError({ code: 'unexpected_answer', detail: `${what}: is this a Millrace server?`, status, cause });
}

/** Codes that promise that the request had no effect, so that any request may be sent again. */
const NOTHING_HAPPENED: ReadonlySet<ClientErrorCode> = new Set([
  'rate_limited',
  'overloaded',
  'database_busy',
  'shutting_down',
  'not_ready',
]);

/** Whether sending the request again can do no harm. `idempotent`: the server recognises a repetition. */
export function mayRepeat(error: MillraceError, idempotent: boolean): boolean {
  return error.retryable && (idempotent || NOTHING_HAPPENED.has(error.code));
}

/** Reads an answer that is no success: problem+json, or whatever stands between the client and the server said. */
export async function errorOf(response: Response): Promise<MillraceError> {
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'));
  const text = await response.text().catch(() => '');
  const problem = parseProblem(text);
  const requestId = problem?.requestId ?? response.headers.get('x-request-id') ?? undefined;
  if (problem) return new MillraceError({ ...problem, requestId, status: response.status, retryAfterMs });
  return new MillraceError({
    code: codeOfStatus(response.status),
    detail: `the server answered ${response.status} ${response.statusText}`.trim(),
    status: response.status,
    requestId,
    retryAfterMs,
  });
}

/** A proxy's answers carry no code; these statuses mean the same wherever they come from. */
function codeOfStatus(status: number): ClientErrorCode {
  if (status === 429) return 'rate_limited';
  if (status === 503) return 'not_ready';
  if (status === 502 || status === 504) return 'connection_failed';
  return 'unexpected_answer';
}

function parseProblem(
  text: string,
): (Pick<MillraceErrorFields, 'code' | 'detail' | 'errors'> & { requestId?: string }) | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, detail, title, errors, request_id } = value as Record<string, unknown>;
  if (typeof code !== 'string' || !(code in ERRORS)) return undefined;
  return {
    code: code as ErrorCode,
    detail: typeof detail === 'string' ? detail : typeof title === 'string' ? title : code,
    errors: Array.isArray(errors) ? (errors as { pointer: string; detail: string }[]) : [],
    ...(typeof request_id === 'string' ? { requestId: request_id } : {}),
  };
}

/** Seconds, or an HTTP date; undefined where it is neither. */
function parseRetryAfter(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
