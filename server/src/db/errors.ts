import { CONNECTION_LOST } from './pool.ts';

/** What a failed statement or connection means for the transaction that met it. */
export type DatabaseFault =
  /** The transaction did not happen; the same work may succeed when it is done again, unless its own data is the reason. */
  | 'again'
  /** The transaction did not happen, and its data is not the reason: others are in the way, or the server lacks something. */
  | 'busy'
  /** The transaction did not happen, and no other will either, until the server takes writes again. */
  | 'unwritable'
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
/**
 * Serialization failure, deadlock; a lock that could not be had in time, or at all; canceled, by a time limit or a person;
 * too little memory, too many connections, a limit of the server's configuration.
 */
const BUSY = /^(40001|40P01|55P03|55006|57014|53)/;
/** Disk full, its hardware fails (58), read-only: a standby, or told to be so. */
const UNWRITABLE = /^(53100|58|25006)/;
const UNIQUE_VIOLATION = '23505';
/** The server's own failure, on a connection that lives on: perhaps a passing one, perhaps provoked by the data. */
const INTERNAL = /^XX/;
// 25P03, 25P04: the server has ended a session that took too long.
const LOST = /^(08|57P0|25P03|25P04)/;
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
  if (UNWRITABLE.test(code)) return 'unwritable';
  if (BUSY.test(code)) return 'busy';
  if (code === UNIQUE_VIOLATION || INTERNAL.test(code)) return 'again';
  return LOST.test(code) ? 'lost' : 'refused';
}

/** Whether something took longer than the server allows: the wait for a lock, mostly. */
export function isTimeLimit(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === '55P03' || code === '57014';
}

/** Whether an error of a reader or writer says that the database cannot serve, or has no time, right now. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const fault = databaseFault(error);
  return fault === 'lost' || fault === 'busy' || fault === 'unwritable';
}
