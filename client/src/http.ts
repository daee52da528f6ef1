import { errorOf, MillraceError, mayRepeat, unexpectedAnswer } from './error.ts';
import { delayBefore, pause, RETRY_DEFAULTS, type RetryOptions } from './retry.ts';

export interface TransportOptions {
  /** Where the server is, such as `http://127.0.0.1:3000`. */
  url: string;
  /** A session token or API key, or a function that gives the current one. None: a browser's cookie is used. */
  token?: string | (() => string | undefined);
  /** Default: the global one. */
  fetch?: typeof fetch;
  /** For services: the user, one that the service registered, whose orders and accounts are meant. */
  actingFor?: string;
  /** How long one attempt may take. Default 30,000. */
  timeoutMs?: number;
  retry?: RetryOptions;
}

export interface Call {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  body?: unknown;
  headers?: Record<string, string>;
  /** Whether the server recognises a repetition. Default: GET and DELETE. */
  idempotent?: boolean;
  /**
   * For so long the server was asked to wait for the outcome. The attempt has the time for it, and `outcome_unknown` is
   * then what the caller asked to be told, not a reason to wait once more.
   */
  waitMs?: number | undefined;
  /** For so long the attempt may take, where that is not the usual time. */
  timeoutMs?: number | undefined;
  /** Statuses beside 2xx whose body is an answer and no error. */
  accept?: readonly number[];
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** More or less patience for this call. */
  retry?: RetryOptions | undefined;
}

export interface Reply<T> {
  status: number;
  headers: Headers;
  body: T;
}

export interface Transport {
  readonly url: string;
  token(): string | undefined;
  send<T>(call: Call, options?: CallOptions): Promise<Reply<T>>;
  /** Opens an answer that does not end by itself, once, and without a time limit: that is for the signal. */
  open(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

const TIMEOUT_MS = 30_000;
/** The server waits no longer, whatever it is asked. */
const WAIT_MS_MAX = 60_000;
/** For the way there and back, and a busy server. */
const WAIT_MARGIN_MS = 5_000;

/** Sends calls; repeats what may be repeated, a bounded number of times. Every refusal is thrown as a MillraceError. */
export function createTransport(options: TransportOptions): Transport {
  const url = options.url.replace(/\/+$/, '');
  const request = options.fetch ?? globalThis.fetch.bind(globalThis);
  const token = (): string | undefined => (typeof options.token === 'function' ? options.token() : options.token);

  async function attempt<T>(call: Call, signal: AbortSignal | undefined): Promise<Reply<T>> {
    const timeoutMs = call.timeoutMs ?? timeoutOf(call, options.timeoutMs);
    const timeout = AbortSignal.timeout(timeoutMs);
    const both = signal ? AbortSignal.any([signal, timeout]) : timeout;
    try {
      const response = await request(`${url}${call.path}${queryOf(call.query)}`, {
        method: call.method,
        headers: headersOf(call, token(), options.actingFor),
        signal: both,
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      });
      if (!response.ok && !call.accept?.includes(response.status)) throw await errorOf(response);
      return { status: response.status, headers: response.headers, body: (await bodyOf(response)) as T };
    } catch (error) {
      if (error instanceof MillraceError || signal?.aborted) throw error;
      throw lostCall(error, { url, timedOut: timeout.aborted, timeoutMs });
    }
  }

  return {
    url,
    token,
    async open(path, signal) {
      const call: Call = { method: 'GET', path, headers: { accept: 'text/event-stream' } };
      let response: Response;
      try {
        response = await request(`${url}${path}`, { headers: headersOf(call, token(), options.actingFor), signal });
      } catch (error) {
        throw signal.aborted ? error : lostCall(error, { url, timedOut: false, timeoutMs: 0 });
      }
      if (!response.ok) throw await errorOf(response);
      if (!response.body) throw new MillraceError({ code: 'unexpected_answer', detail: 'the answer has no body' });
      return response.body;
    },
    async send<T>(call: Call, callOptions: CallOptions = {}): Promise<Reply<T>> {
      const retry = { ...RETRY_DEFAULTS, ...options.retry, ...callOptions.retry };
      const idempotent = call.idempotent ?? (call.method === 'GET' || call.method === 'DELETE');
      for (let count = 1; ; count += 1) {
        try {
          return await attempt<T>(call, callOptions.signal);
        } catch (error) {
          if (!(error instanceof MillraceError) || count >= retry.attemptsMax || !mayRepeat(error, idempotent))
            throw error;
          if (call.waitMs !== undefined && error.code === 'outcome_unknown') throw error;
          if ((error.retryAfterMs ?? 0) > retry.retryAfterMaxMs) throw error;
          await pause(delayBefore(count, retry, error.retryAfterMs), callOptions.signal);
        }
      }
    },
  };
}

function timeoutOf({ waitMs }: Call, timeoutMs = TIMEOUT_MS): number {
  return waitMs === undefined ? timeoutMs : Math.max(timeoutMs, Math.min(waitMs, WAIT_MS_MAX) + WAIT_MARGIN_MS);
}

function headersOf(call: Call, token: string | undefined, actingFor: string | undefined): Record<string, string> {
  return {
    accept: 'application/json',
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(actingFor === undefined ? {} : { 'millrace-act-as': actingFor }),
    ...call.headers,
  };
}

function queryOf(query: Call['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size > 0 ? `?${parameters.toString()}` : '';
}

/** Every answer is an object, or empty (204): then undefined. */
async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw unexpectedAnswer('the answer is not JSON', response.status, cause);
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw unexpectedAnswer('the answer is not a JSON object', response.status);
  return body;
}

function lostCall(cause: unknown, at: { url: string; timedOut: boolean; timeoutMs: number }): MillraceError {
  if (at.timedOut)
    return new MillraceError({
      code: 'timed_out',
      detail: `no answer from ${at.url} within ${at.timeoutMs} ms`,
      cause,
    });
  return new MillraceError({ code: 'connection_failed', detail: `${at.url} cannot be reached`, cause });
}
