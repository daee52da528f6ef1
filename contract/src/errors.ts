/** One entry of the error registry. Every refusal on every edge carries one of these codes. */
export interface ErrorEntry {
  /** HTTP status. */
  http: number;
  /** gRPC status name. */
  grpc: string;
  /** Whether the same request may succeed later, unchanged. */
  retryable: boolean;
  title: string;
  meaning: string;
  remedy: string;
}

function entry(
  http: number,
  grpc: string,
  retryable: boolean,
  title: string,
  meaning: string,
  remedy: string,
): ErrorEntry {
  return { http, grpc, retryable, title, meaning, remedy };
}

/** The registry of error codes: one for all edges; the pages under `/docs/errors/` are made from it. */
export const ERRORS = {
  invalid_request: entry(
    400,
    'INVALID_ARGUMENT',
    false,
    'The request is not valid',
    'A field is missing, unknown, or has a value that its schema does not allow.',
    'Correct the fields that `errors` points to.',
  ),
  invalid_json: entry(
    400,
    'INVALID_ARGUMENT',
    false,
    'The body is not valid JSON',
    'The body could not be read as JSON, or holds a number that JSON readers would silently round.',
    'Send well-formed JSON; send amounts as decimal strings.',
  ),
  invalid_amount: entry(
    422,
    'INVALID_ARGUMENT',
    false,
    'The amount cannot be accepted',
    'The amount is zero, negative, too large, not a number, or has more decimal places than the asset.',
    'Send a positive decimal string at the asset’s scale, such as "25.00".',
  ),
  invalid_cursor: entry(
    400,
    'INVALID_ARGUMENT',
    false,
    'The cursor is not valid',
    'The cursor was not made by this installation, or for another list.',
    'Start without a cursor.',
  ),
  invalid_credentials: entry(
    401,
    'UNAUTHENTICATED',
    false,
    'Wrong e-mail address or password',
    'No user has this e-mail address with this password.',
    'Check both. The answer is the same for an unknown address.',
  ),
  unauthenticated: entry(
    401,
    'UNAUTHENTICATED',
    false,
    'Authentication is needed',
    'The request carries no valid session token, API key or ticket.',
    'Log in, or send `Authorization: Bearer <token>`.',
  ),
  forbidden: entry(
    403,
    'PERMISSION_DENIED',
    false,
    'Not allowed',
    'The caller’s role or the key’s scopes do not allow this operation.',
    'Use an account or key with the permission that the operation’s documentation names.',
  ),
  origin_refused: entry(
    403,
    'PERMISSION_DENIED',
    false,
    'The origin is not allowed',
    'A browser page of another origin used this session’s cookie.',
    'Add the origin to `MILLRACE_ALLOWED_ORIGINS`, or use a token.',
  ),
  not_found: entry(
    404,
    'NOT_FOUND',
    false,
    'Not found',
    'There is no such thing, or it belongs to somebody else.',
    'Check the id.',
  ),
  method_not_allowed: entry(
    405,
    'UNIMPLEMENTED',
    false,
    'The method is not allowed',
    'The path exists, but not with this method.',
    'See the `Allow` header.',
  ),
  request_timeout: entry(
    408,
    'DEADLINE_EXCEEDED',
    true,
    'The request took too long to arrive',
    'The request was not complete within the time limit.',
    'Send it again, faster.',
  ),
  registration_refused: entry(
    409,
    'ALREADY_EXISTS',
    false,
    'The registration was refused',
    'This registration cannot be accepted.',
    'If you have an account already, log in.',
  ),
  idempotency_in_flight: entry(
    409,
    'ABORTED',
    true,
    'A request with this idempotency key is still running',
    'A batch of orders waits for the first one with the same key, 30 s at most; that had not been answered by then.',
    'Wait as long as `Retry-After` says, then send the same request again.',
  ),
  order_not_cancelable: entry(
    409,
    'FAILED_PRECONDITION',
    false,
    'The order cannot be canceled',
    'The order is final already, or has gone too far to be called back.',
    'Look at the order’s status.',
  ),
  loan_not_open: entry(
    409,
    'FAILED_PRECONDITION',
    false,
    'The loan takes no investments',
    'The loan is fully funded, or its funding deadline has passed.',
    'Choose a loan with the status `open`.',
  ),
  dead_letter_closed: entry(
    409,
    'FAILED_PRECONDITION',
    false,
    'The dead letter is closed',
    'The dead letter was retried already.',
    'Look at the order that it belongs to.',
  ),
  too_many_keys: entry(
    409,
    'FAILED_PRECONDITION',
    false,
    'There are too many API keys',
    'The user has as many API keys as one user may have.',
    'Revoke a key that is no longer used.',
  ),
  verification_running: entry(
    409,
    'ABORTED',
    true,
    'A verification is running',
    'The books are being checked already; one verification runs at a time.',
    'Wait until it has ended, or read the latest report.',
  ),
  payload_too_large: entry(
    413,
    'RESOURCE_EXHAUSTED',
    false,
    'The body is too large',
    'The body exceeds the limit of this operation.',
    'Send less at once.',
  ),
  unsupported_media_type: entry(
    415,
    'INVALID_ARGUMENT',
    false,
    'The media type is not supported',
    'The body is not `application/json`.',
    'Send JSON with `Content-Type: application/json`.',
  ),
  headers_too_large: entry(
    431,
    'INVALID_ARGUMENT',
    false,
    'The headers are too large',
    'The request line and headers exceed what the server reads.',
    'Send fewer or shorter headers.',
  ),
  idempotency_mismatch: entry(
    422,
    'FAILED_PRECONDITION',
    false,
    'The key was used for another request',
    'The idempotency key or order id belongs to a request with another body.',
    'Use a new key for a new request.',
  ),
  id_taken: entry(
    422,
    'ALREADY_EXISTS',
    false,
    'The id is taken',
    'The id that the request chose belongs to something else.',
    'Choose a new random id.',
  ),
  rate_limited: entry(
    429,
    'RESOURCE_EXHAUSTED',
    true,
    'Too many requests',
    'A limit for this account, key or address was reached.',
    'Wait as long as `Retry-After` says.',
  ),
  internal_error: entry(
    500,
    'INTERNAL',
    true,
    'Something broke',
    'An error of ours. It was logged under the request’s id.',
    'Try again; the same idempotency key or order id acts once. Report the request id.',
  ),
  verification_too_long: entry(
    503,
    'DEADLINE_EXCEEDED',
    false,
    'The verification takes too long',
    'A check needs more time than the HTTP API gives it. Nothing was found out, and nothing was changed.',
    'Run `npx millrace verify` on the server’s machine, which has no time limit.',
  ),
  overloaded: entry(
    503,
    'UNAVAILABLE',
    true,
    'Too much work is waiting',
    'The queue, or another limit of this process (previews, log-ins, open streams), is full. The request was not accepted and has no effect.',
    'Try again after `Retry-After` seconds.',
  ),
  outcome_unknown: entry(
    503,
    'UNAVAILABLE',
    true,
    'The outcome is not known',
    'The database was lost while the order was being committed, or the wait that the request preferred ended before it was: it may have happened or not.',
    'Send the same request with the same order id or idempotency key: it acts once.',
  ),
  shutting_down: entry(
    503,
    'UNAVAILABLE',
    true,
    'The server is shutting down',
    'The server takes no new work, or the user’s orders belong to a shard that another process owns. The request was not accepted.',
    'Try again; another server, or this one after its restart, will answer.',
  ),
  not_ready: entry(
    503,
    'UNAVAILABLE',
    true,
    'The server is not ready',
    'The database cannot be reached, or the lists are still being brought up to date.',
    'Try again soon; see `/readyz`.',
  ),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
