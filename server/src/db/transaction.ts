import type pg from 'pg';
import type { Writable } from 'node:stream';

/** A prepared statement: named, so that the server plans it once a connection. */
export interface Statement {
  name: string;
  text: string;
}

/**
 * One transaction on a pipelining connection. Statements go out at once; `select` gives its rows when they come,
 * `write` only queues, and `commit` waits for everything. The first statement that fails is the error of the whole: those
 * behind it fail for no reason of their own (25P02), and reject with the first one's.
 */
export interface Transaction {
  readonly forUpdate: string;
  select<Row>(statement: Statement, parameters: readonly unknown[]): Promise<Row[]>;
  write(statement: Statement, parameters: readonly unknown[]): void;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

export interface TransactionOptions {
  /** A snapshot that locks nothing and is rolled back: for previews. Default false. */
  readOnly?: boolean;
}

/** The server answers a COMMIT of a failed transaction with this command tag, and no error. */
const COMMITTED = 'COMMIT';

/** For a promise that is awaited in its turn, when others have been sent: until then a failure must not count as unhandled. */
export function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** What gathers beyond this goes out, so that the server begins while the rest is still being built. */
const GATHERED_BYTES_MAX = 64 * 1024;

/**
 * Statements that are sent in one turn share a system call: one for each statement was a seventh of the server's
 * processor time under single orders.
 */
function gatherer(client: pg.ClientBase): () => void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  let gathering = false;
  return () => {
    if (gathering) {
      if (stream.writableLength < GATHERED_BYTES_MAX) return;
      stream.uncork();
      stream.cork();
      return;
    }
    gathering = true;
    stream.cork();
    process.nextTick(() => {
      gathering = false;
      stream.uncork();
    });
  };
}

export function beginTransaction(client: pg.ClientBase, options: TransactionOptions = {}): Transaction {
  const readOnly = options.readOnly ?? false;
  const sent: Promise<unknown>[] = [];
  const gather = gatherer(client);
  let failure: { error: unknown } | undefined;
  // Answers come in the order in which the statements were sent.
  const failed = (error: unknown): never => {
    failure ??= { error };
    throw failure.error;
  };
  const send = <Row>(config: pg.QueryConfig | string): Promise<pg.QueryResult<Row & pg.QueryResultRow>> => {
    gather();
    const answer = awaitedLater(client.query<Row & pg.QueryResultRow>(config as pg.QueryConfig).catch(failed));
    sent.push(answer);
    return answer;
  };
  const named = (statement: Statement, parameters: readonly unknown[]): pg.QueryConfig => ({
    name: readOnly ? `${statement.name}_preview` : statement.name,
    text: statement.text,
    values: parameters as unknown[],
  });
  void send(readOnly ? 'begin isolation level repeatable read read only' : 'begin isolation level read committed');
  return {
    forUpdate: readOnly ? '' : ' for update',
    select<Row>(statement: Statement, parameters: readonly unknown[]): Promise<Row[]> {
      return awaitedLater(send<Row>(named(statement, parameters)).then(({ rows }) => rows));
    },
    write(statement, parameters) {
      void send(named(statement, parameters));
    },
    async commit() {
      const commit = send('commit');
      await Promise.all(sent);
      const { command } = await commit;
      if (command !== COMMITTED) throw Object.assign(new Error(`the commit answered ${command}`), { code: '40000' });
    },
    async rollback() {
      await client.query('rollback');
    },
  };
}

/** A transaction on any connection of a pool, one statement after the other: for what is not on the path of orders. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query('begin');
    const value = await work(client);
    await client.query('commit');
    return value;
  } catch (error) {
    await client.query('rollback').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

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
