import { CONNECTION_LOST } from './pool.ts';

/** What a failed statement or connection means for the transaction that met it. */
export type DatabaseFault =
  /** The transaction did not happen; the same work may succeed when it is done again. */
  | 'again'
  /** The connection is of no use any more; whether a commit that was under way took place is not known. */
  | 'lost'
  /** The data itself is refused, and will be again. */
  | 'refused';

const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  CONNECTION_LOST,
]);

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const BUSY = new Set(['40001', '40P01', '55P03', '53300', '57014']);
const UNIQUE_VIOLATION = '23505';
/** The server's own failure, on a connection that lives on: perhaps a passing one, perhaps provoked by the data. */
const INTERNAL = /^XX/;
// 25006: read-only, since the server is a standby now. 25P03, 25P04: the server has ended a session that took too long.
const LOST = /^(08|57P0|58|53|25006|25P03|25P04)/;
const SQLSTATE = /^[0-9A-Z]{5}$/;

/**
 * Decided by the code only, never by the message; undefined for an error of our own. A unique violation counts as `again`:
 * two shards can open the same account or use the same key at once, and the second try finds the first one's row.
 */
export function databaseFault(error: unknown): DatabaseFault | undefined {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string') return undefined;
  // Before the SQLSTATEs, which EPIPE looks like.
  if (SYSTEM_CODES.has(code)) return 'lost';
  if (!SQLSTATE.test(code)) return undefined;
  if (BUSY.has(code) || code === UNIQUE_VIOLATION || INTERNAL.test(code)) return 'again';
  return LOST.test(code) ? 'lost' : 'refused';
}

/** Whether an error of a reader says that the database cannot be reached, or has no time, right now. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return databaseFault(error) === 'lost' || BUSY.has((error as { code?: string }).code ?? '');
}
