import { CONNECTION_LOST } from './pool.ts';

/** What a failed statement or connection means for the transaction that met it. */
export type DatabaseFault =
  /** The transaction did not happen; the same work may succeed when it is done again. */
  | 'again'
  /** The connection is gone; whether a commit that was under way took place is not known. */
  | 'lost'
  /** The data itself is refused, and will be again. */
  | 'refused';

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const AGAIN = new Set(['40001', '40P01', '55P03', '23505', '53300', '57014']);
const LOST = /^(08|57P0|58|XX|53)/;
const SQLSTATE = /^[0-9A-Z]{5}$/;

/**
 * Decided by the SQLSTATE only, never by the message; undefined for an error that has none. 23505 (unique violation) counts as `again`: two shards can open the
 * same account or use the same key at once, and the second try finds the first one's row.
 */
export function databaseFault(error: unknown): DatabaseFault | undefined {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string' || !SQLSTATE.test(code)) return undefined;
  if (AGAIN.has(code)) return 'again';
  return LOST.test(code) ? 'lost' : 'refused';
}

const SYSTEM_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT', CONNECTION_LOST]);

/** Whether an error of a reader says that the database cannot be reached right now. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return databaseFault(error) === 'lost' || SYSTEM_CODES.has((error as { code?: string }).code ?? '');
}
