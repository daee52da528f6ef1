import type pg from 'pg';
import { inTransaction } from './transaction.ts';

/** The first half of the advisory locks' numbers; any that no other program on the same server is likely to use. */
const LOCK = 0x6d696c6c;
const NUMBERS = { installation: 1, operatorKey: 2, firstOperator: 3 } as const;

/**
 * Does work that only one process on this database may do at a time; others wait for it, up to the pool's statement
 * timeout (30 s), and up to its limit of an idle transaction (60 s) for the work itself.
 */
export function exclusively<T>(pool: pg.Pool, name: keyof typeof NUMBERS, work: () => Promise<T>): Promise<T> {
  return inTransaction(pool, async (client) => {
    // Of the transaction and not of the session, which a pooler in between would share with others.
    await client.query('select pg_advisory_xact_lock($1, $2)', [LOCK, NUMBERS[name]]);
    return work();
  });
}
