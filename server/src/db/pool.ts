import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import pg from 'pg';

/** How to reach a server: a URL, or the parts (a Unix socket's folder as `host`). */
export type Connection =
  | { connectionString: string }
  | { host: string; port: number; user: string; password: string; database: string };

const INT8 = 20;
const DATE = 1082;

/** int8 as bigint (money), dates as text (business dates have no time zone); the rest as pg does it. */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === INT8) return (text: string) => BigInt(text);
    if (oid === DATE) return (text: string) => text;
    return pg.types.getTypeParser(oid, format);
  },
};

/** The code that an error of the driver's own gets, which comes without any: what they have in common is that there is no connection. */
export const CONNECTION_LOST = 'connection_lost';

function withCode(error: unknown): unknown {
  if (error instanceof Error && (error as { code?: unknown }).code === undefined)
    Object.assign(error, { code: CONNECTION_LOST });
  return error;
}

/** A session keeps what it was told at its start: one that may only read is tried for so long before it is replaced. */
const READ_ONLY_MS_MAX = 1_000;
const READ_ONLY = '25006';
/** What a server tells of itself unasked, and tells again when it changes. */
const READ_ONLY_SIGNS = new Set(['default_transaction_read_only', 'in_hot_standby']);

/** A client whose every failed statement has a code to decide by: SQLSTATE, the system's, or CONNECTION_LOST. */
export class CodedClient extends pg.Client {
  private readonly since = performance.now();
  private readonly signs = new Map<string, string>();
  private hasRefused = false;

  constructor(config?: pg.ClientConfig) {
    super(config);
    const { connection } = this as unknown as { connection: EventEmitter };
    connection.on('parameterStatus', ({ parameterName: name, parameterValue: value }: Record<string, string>) => {
      if (name !== undefined && value !== undefined && READ_ONLY_SIGNS.has(name)) this.signs.set(name, value);
    });
  }

  /** Whether another connection may be allowed to write where this one is not. */
  get isStale(): boolean {
    const isReadOnly = this.hasRefused || [...this.signs.values()].includes('on');
    return isReadOnly && performance.now() - this.since > READ_ONLY_MS_MAX;
  }

  private coded(error: unknown): unknown {
    if ((error as { code?: unknown } | null)?.code === READ_ONLY) this.hasRefused = true;
    return withCode(error);
  }

  override query(...args: unknown[]): never {
    const callback = args.at(-1);
    // The pool's own query() calls with a callback.
    if (typeof callback === 'function')
      args[args.length - 1] = (error: unknown, rows: unknown) => callback(this.coded(error), rows);
    const result = (super.query as (...args: unknown[]) => unknown).apply(this, args);
    if (!(result instanceof Promise)) return result as never;
    return result.catch((error: unknown) => {
      throw this.coded(error);
    }) as never;
  }
}

/** How a pool hands a connection out. */
export type Acquired = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  release: (destroy?: unknown) => void,
) => void;

/** A pool that has no free connection in time says so with a code, too; it hands out none that only remembers being read-only. */
export class CodedPool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Acquired): void;
  override connect(callback?: Acquired): unknown {
    if (!callback) {
      return new Promise((resolve, reject) => {
        this.connect((error, client) => (client ? resolve(client) : reject(error)));
      });
    }
    // The pool's own query() calls with a callback.
    super.connect((error, client, release) => {
      if (!(client instanceof CodedClient && client.isStale))
        return callback(withCode(error) as Error | undefined, client, release);
      release(true);
      this.connect(callback);
    });
    return undefined;
  }
}

export interface PoolOptions {
  /** Most connections at once. Default 8: readers and jobs; a shard's worker has a connection of its own. */
  max?: number;
  applicationName?: string;
  /** Whether statements are sent without waiting for the answers before them, as `beginTransaction` does. Default false. */
  pipelined?: boolean;
  /** How long to wait for a free connection. Default 10 s. */
  acquireMsMax?: number;
  /** Called for an error of an idle connection; the pool replaces it by itself. */
  onError?: (error: Error) => void;
}

const READER_SETTINGS = { statement_timeout: '30s', idle_in_transaction_session_timeout: '60s' };

/** As a statement: poolers refuse most settings in the message that opens a session. One, since a pipeline takes no more at once. */
function setting(settings: Readonly<Record<string, string | number>>): string {
  const calls = Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', false)`);
  return `select ${calls.join(', ')}`;
}

/** The pool for readers, identity and jobs. The pipeline does not use it. */
export function createPool(connection: Connection, options: PoolOptions = {}): pg.Pool {
  const pool = new CodedPool({
    ...connection,
    Client: CodedClient,
    types,
    pipeline: options.pipelined ?? false,
    max: options.max ?? 8,
    application_name: options.applicationName ?? 'millrace',
    connectionTimeoutMillis: options.acquireMsMax ?? 10_000,
    // Waited for before the connection is handed out.
    onConnect: (client): unknown => client.query(setting(READER_SETTINGS)),
  });
  pool.on('error', (error) => options.onError?.(error));
  // The pool listens to idle connections only. A lost connection is also an event of the client that is in use, and
  // an event `error` without a listener ends the process; the holder learns of it from the query that fails.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/**
 * Every statement of the pipeline reaches its rows by primary key, so that it has one good plan, whatever the statistics
 * say: planning it again each time, or a hash join over a table that looks small, cost more than the work itself.
 */
const HOT_PATH_SETTINGS = {
  plan_cache_mode: 'force_generic_plan',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_seqscan: 'off',
};

/**
 * The server ends a session that holds a batch's locks and says nothing: its process hangs, or the network has lost it. In
 * the same time it notices a client that is gone without a word, which it would otherwise do after hours.
 */
const SILENCE_MS_MAX = 15_000;
const KEEP_ALIVE_MS = 10_000;
/** Over TCP; nothing on a Unix socket. */
const NETWORK_SETTINGS = {
  tcp_user_timeout: SILENCE_MS_MAX,
  tcp_keepalives_idle: KEEP_ALIVE_MS / 1_000,
  tcp_keepalives_interval: 2,
  tcp_keepalives_count: 2,
  idle_in_transaction_session_timeout: SILENCE_MS_MAX,
};

/**
 * One connection that pipelines: statements are sent without waiting for the answers before them.
 *
 * @param lost called, perhaps more than once, when the connection is gone: also where the server ends it in the same breath
 *   in which it is ready, before the promise has told the caller of it.
 */
export async function connectPipelined(
  connection: Connection,
  applicationName: string,
  lost: () => void = () => undefined,
): Promise<pg.Client> {
  const client = new pg.Client({
    ...connection,
    types,
    pipeline: true,
    application_name: applicationName,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  });
  // Without a listener the connection's own error would end the process; what fails with it is the statement.
  client.on('error', lost);
  client.on('end', lost);
  await client.connect();
  // After what the URL or PGOPTIONS say: of two settings the last one counts.
  // Not waited for: what comes next is behind it, and fails with it.
  client.query(setting({ ...HOT_PATH_SETTINGS, ...NETWORK_SETTINGS })).catch(() => undefined);
  return client;
}

/** Ends a connection at once, without a word to the server: everything that waits for an answer on it fails. */
export function cutConnection(client: pg.Client): void {
  (client as unknown as { connection: { stream: Duplex } }).connection.stream.destroy();
}
