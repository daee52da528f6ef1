import type pg from 'pg';

export interface Statement {
  name: string;
  text: string;
}

/**
 * One transaction on a pipelining connection. Statements go out at once; `select` gives its rows when they come,
 * `write` only queues, and `commit` waits for everything. The first statement that fails is the error of the whole.
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

export function beginTransaction(client: pg.ClientBase, options: TransactionOptions = {}): Transaction {
  const readOnly = options.readOnly ?? false;
  const sent: Promise<unknown>[] = [];
  const send = <Row>(config: pg.QueryConfig | string): Promise<pg.QueryResult<Row & pg.QueryResultRow>> => {
    const answer = client.query<Row & pg.QueryResultRow>(config as pg.QueryConfig);
    // Each answer is awaited later; until then a failure must not count as unhandled.
    answer.catch(() => undefined);
    sent.push(answer);
    return answer;
  };
  const named = (statement: Statement, parameters: readonly unknown[]): pg.QueryConfig => ({
    name: readOnly ? `${statement.name}_preview` : statement.name,
    text: statement.text,
    values: parameters as unknown[],
  });
  send(readOnly ? 'begin isolation level repeatable read read only' : 'begin');
  return {
    forUpdate: readOnly ? '' : ' for update',
    async select<Row>(statement: Statement, parameters: readonly unknown[]): Promise<Row[]> {
      return (await send<Row>(named(statement, parameters))).rows;
    },
    write(statement, parameters) {
      send(named(statement, parameters));
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
