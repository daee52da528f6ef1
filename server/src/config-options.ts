import {
  type ConfigOptions,
  type ConfigValues,
  decimal,
  integer,
  list,
  networks,
  secret,
  text,
  word,
  yesNo,
} from './core/config-option.ts';
import { DESKS, type DeskOptions } from './desks/index.ts';

const PORT: [number, number] = [0, 65_535];
/** A hundred years, beyond which a cut-off is no date that PostgreSQL and JavaScript both know. */
const DAYS: [number, number] = [1, 36_500];

/** Those that are no desk's. */
export const ENGINE_OPTIONS = {
  host: text('MILLRACE_HOST', 'host', '127.0.0.1', 'Address to listen on'),
  port: integer(
    'MILLRACE_PORT',
    'port',
    3000,
    PORT,
    'Port of HTTP, WebSocket and the web application; 0 takes a free one',
  ),
  dataFolder: text('MILLRACE_DATA', 'data', '.millrace', 'Folder of the embedded database and of the runtime files'),
  databaseUrl: secret(
    'DATABASE_URL',
    'database-url',
    'An outside PostgreSQL server (15 or later) instead of the embedded one',
  ),
  demo: yesNo(
    'MILLRACE_DEMO',
    'demo',
    true,
    'Demo data and heart-beat in a new installation with the embedded database',
  ),
  operatorEmail: text(
    'MILLRACE_OPERATOR_EMAIL',
    'operator-email',
    'operator@millrace.local',
    'The first operator’s address for logging in, where there is no operator: a start then prints a one-time link to the password',
  ),
  currency: text('MILLRACE_CURRENCY', 'currency', 'USD', 'The installation’s currency'),
  currencyScale: integer('MILLRACE_CURRENCY_SCALE', 'currency-scale', 2, [0, 8], 'Decimal places of the currency'),
  startingBalance: decimal(
    'MILLRACE_STARTING_BALANCE',
    'starting-balance',
    '',
    'What a new user is granted, out of nothing: 10000.00 in a demo installation, otherwise nothing unless this says so',
  ),
  gateway: word(
    'MILLRACE_GATEWAY',
    'gateway',
    'auto',
    ['auto', 'none', 'simulated', 'reported'],
    'What brings money in and out: auto is simulated in a demo installation and none otherwise; simulated is play money; reported: a program of yours pays withdrawals out and reports what became of each',
  ),
  ordersPerSecond: integer(
    'MILLRACE_ORDERS_PER_SECOND',
    'orders-per-second',
    100,
    [1, 1_000_000],
    'Orders of one user a second in the long run, rejected ones too; more are refused with 429',
  ),
  ordersBurst: integer('MILLRACE_ORDERS_BURST', 'orders-burst', 3_000, [1, 10_000_000], 'Orders of one user at once'),
  bankDeclinesFrom: decimal(
    'MILLRACE_BANK_DECLINES_FROM',
    'bank-declines-from',
    '10000.00',
    'The simulated bank declines withdrawals of this amount and more',
  ),
  shards: integer(
    'MILLRACE_SHARDS',
    'shards',
    1,
    [1, 32],
    'Slices of the work in this installation; fixed at its first start',
  ),
  ownShards: list(
    'MILLRACE_OWN_SHARDS',
    'own-shards',
    'The shards that this process works on, such as 0,1; default all',
  ),
  claimWaitSeconds: integer(
    'MILLRACE_CLAIM_WAIT_SECONDS',
    'claim-wait-seconds',
    30,
    [0, 3_600],
    'How long a start waits for another process that owns its shards and is alive',
  ),
  takeOver: yesNo(
    'MILLRACE_TAKE_OVER',
    'take-over',
    false,
    'Take the shards from another process even though it is alive. For one start, never in a configuration',
  ),
  queueSizeMax: integer(
    'MILLRACE_QUEUE_SIZE_MAX',
    'queue-size-max',
    20_000,
    [1, 1_000_000],
    'Commands that may wait for each shard; more are refused with 503',
  ),
  allowedOrigins: list(
    'MILLRACE_ALLOWED_ORIGINS',
    'allowed-origins',
    'Browser origins other than our own that may use the API',
  ),
  allowedHosts: list(
    'MILLRACE_ALLOWED_HOSTS',
    'allowed-hosts',
    'Names that this installation is reached by, beside its addresses and localhost: shop.example,*.shop.example; * for any',
  ),
  connectionsPerAddress: integer(
    'MILLRACE_CONNECTIONS_PER_ADDRESS',
    'connections-per-address',
    1_000,
    [1, 1_000_000],
    'Connections of one address to the HTTP port; loopback may have twenty times as many',
  ),
  metricsToken: secret(
    'MILLRACE_METRICS_TOKEN',
    'metrics-token',
    'Bearer token for /metrics; without one it answers to loopback only',
  ),
  registrationsPerHour: integer(
    'MILLRACE_REGISTRATIONS_PER_HOUR',
    'registrations-per-hour',
    200,
    [1, 1_000_000],
    'Registrations from one address in an hour',
  ),
  trustProxy: networks(
    'MILLRACE_TRUST_PROXY',
    'trust-proxy',
    'Addresses and networks of proxies that tell the client’s address in X-Forwarded-For, such as 127.0.0.1,10.0.0.0/8',
  ),
  rejectedRetentionDays: integer(
    'MILLRACE_REJECTED_RETENTION_DAYS',
    'rejected-retention-days',
    30,
    DAYS,
    'Days for which orders are kept that were rejected and moved nothing',
  ),
  rejectedOrdersMax: integer(
    'MILLRACE_REJECTED_ORDERS_MAX',
    'rejected-orders-max',
    1_000_000,
    [1_000, 1_000_000_000],
    'About how many of them are kept, about 1 kB each; of more the oldest go before their time, after an hour at least',
  ),
  idempotencyRetentionDays: integer(
    'MILLRACE_IDEMPOTENCY_RETENTION_DAYS',
    'idempotency-retention-days',
    30,
    DAYS,
    'Days for which an idempotency key acts once',
  ),
  deadLetterRetentionDays: integer(
    'MILLRACE_DEAD_LETTER_RETENTION_DAYS',
    'dead-letter-retention-days',
    90,
    DAYS,
    'Days for which a dead letter is kept after its retry',
  ),
  openDeadLetterRetentionDays: integer(
    'MILLRACE_OPEN_DEAD_LETTER_RETENTION_DAYS',
    'open-dead-letter-retention-days',
    400,
    DAYS,
    'Days for which a dead letter is kept that nobody retries',
  ),
  clockGapMaxDays: integer(
    'MILLRACE_CLOCK_GAP_MAX_DAYS',
    'clock-gap-max-days',
    7,
    [1, 3_650],
    'Days since the installation was last at work, after which nothing is collected, expired or given up until an operator confirms the clock',
  ),
  clockDifferenceMaxSeconds: integer(
    'MILLRACE_CLOCK_DIFFERENCE_MAX_SECONDS',
    'clock-difference-max-seconds',
    300,
    [1, 86_400],
    'How far the clock may be from the database’s, or behind the newest event, before an operator has to confirm it',
  ),
  logLevel: word(
    'MILLRACE_LOG_LEVEL',
    'log-level',
    'info',
    ['silent', 'error', 'warn', 'info', 'debug'],
    'How much is logged',
  ),
  allowUnsafeDurability: yesNo(
    'MILLRACE_ALLOW_UNSAFE_DURABILITY',
    'allow-unsafe-durability',
    false,
    'Start on a server that may lose what it acknowledged. For tests only',
  ),
} as const satisfies ConfigOptions;

/** Every setting of the server, those of the desks too. Flags win over the environment, that over the config file, that over the default. */
export const CONFIG_OPTIONS = {
  ...ENGINE_OPTIONS,
  ...(Object.assign({}, ...DESKS.map(({ options }) => options)) as DeskOptions),
};

export type ConfigKey = keyof typeof CONFIG_OPTIONS;
export type Config = ConfigValues<typeof CONFIG_OPTIONS>;
