import { MillraceError } from '@millrace/client';

/**
 * What the process says when it ends. Scripts rely on these: a code keeps its meaning for good.
 * `docs/reference/cli.md` has the same table; a test keeps the two equal.
 */
export const EXIT_CODES = {
  ok: { code: 0, meaning: 'It worked.' },
  failed: { code: 1, meaning: 'Something failed. The last line on stderr says what.' },
  usage: { code: 2, meaning: 'The command line or a setting is wrong. Nothing was done.' },
  unreachable: { code: 3, meaning: 'The server or the database cannot be reached, or is not ready.' },
  not_allowed: { code: 4, meaning: 'The token, its role, or a safeguard does not allow it.' },
  violations: { code: 5, meaning: '`verify` found rows that break an invariant.' },
  orders_refused: { code: 6, meaning: 'Every line was handled, but some orders were malformed, refused or rejected.' },
  overdue: { code: 7, meaning: '`verify` found every rule kept, but something overdue that nothing explains.' },
  interrupted: { code: 130, meaning: 'Stopped by Ctrl-C before the end. `orders submit` goes on where it stopped.' },
} as const satisfies Record<string, { code: number; meaning: string }>;

export type ExitName = keyof typeof EXIT_CODES;

/** Why a command ends without having done its work. The message is for people, the exit code for scripts. */
export class CliFailure extends Error {
  readonly exit: ExitName;
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(exit: ExitName, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CliFailure';
    this.exit = exit;
    this.hint = options.hint;
  }
}

/** Any error as one that says how the process ends. */
export function failureOf(error: unknown): CliFailure {
  if (error instanceof CliFailure) return error;
  if (error instanceof MillraceError) return failureOfServer(error);
  if (error instanceof Error && error.name === 'AbortError')
    return new CliFailure('interrupted', 'interrupted', { cause: error });
  const code = codeOf(error);
  const exit =
    DATABASE_EXITS[code] ?? (code.startsWith('08') || code.startsWith('embedded_') ? 'unreachable' : 'failed');
  return new CliFailure(exit, messageOf(error), { cause: error });
}

const UNREACHABLE = new Set([
  'connection_failed',
  'timed_out',
  'not_ready',
  'shutting_down',
  'overloaded',
  'rate_limited',
]);
const NOT_ALLOWED = new Set(['unauthenticated', 'forbidden', 'invalid_credentials', 'origin_refused']);

/** PostgreSQL's and the system's codes for "not reached" and "not admitted". */
const DATABASE_EXITS: Readonly<Record<string, ExitName>> = {
  ECONNREFUSED: 'unreachable',
  ECONNRESET: 'unreachable',
  ENOTFOUND: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ETIMEDOUT: 'unreachable',
  '57P03': 'unreachable',
  '3D000': 'unreachable',
  '28000': 'not_allowed',
  '28P01': 'not_allowed',
  '42501': 'not_allowed',
  EACCES: 'not_allowed',
  EPERM: 'not_allowed',
};

function failureOfServer(error: MillraceError): CliFailure {
  const fields = error.errors.map(({ pointer, detail }) => `\n  ${pointer}: ${detail}`).join('');
  const request = error.requestId === undefined ? '' : ` (request ${error.requestId})`;
  const message = `${error.message}${request}${fields}`;
  if (UNREACHABLE.has(error.code)) return new CliFailure('unreachable', message, { cause: error });
  if (NOT_ALLOWED.has(error.code)) {
    return new CliFailure('not_allowed', message, {
      hint: 'Give a token with --token or MILLRACE_TOKEN.',
      cause: error,
    });
  }
  return new CliFailure('failed', message, { cause: error });
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // A connection that was tried on several addresses: one failure for each.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return '';
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
