import {
  type ConfigOption,
  decimal,
  integer,
  list,
  networks,
  rate,
  secret,
  text,
  word,
  yesNo,
} from './config-option.ts';

const PORT: [number, number] = [0, 65_535];
/** A hundred years, beyond which a cut-off is no date that PostgreSQL and JavaScript both know. */
const DAYS: [number, number] = [1, 36_500];

/** Every setting of the server. Flags win over the environment, that over the config file, that over the default. */
export const CONFIG_OPTIONS = {
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
  currency: text('MILLRACE_CURRENCY', 'currency', 'USD', 'The installation’s currency'),
  currencyScale: integer('MILLRACE_CURRENCY_SCALE', 'currency-scale', 2, [0, 8], 'Decimal places of the currency'),
  startingBalance: decimal(
    'MILLRACE_STARTING_BALANCE',
    'starting-balance',
    '10000.00',
    'What a new user is granted; 0 grants nothing',
  ),
  servicingFeeRate: decimal(
    'MILLRACE_SERVICING_FEE_RATE',
    'servicing-fee-rate',
    '0.01',
    'Share of each instalment that the platform keeps, at most its interest',
  ),
  loanAmountMax: decimal(
    'MILLRACE_LOAN_AMOUNT_MAX',
    'loan-amount-max',
    '1000000000',
    'The largest amount of a new loan',
  ),
  loanRateMax: rate(
    'MILLRACE_LOAN_RATE_MAX',
    'loan-rate-max',
    '1',
    'The highest yearly rate of a new loan, as a decimal: 1 is 100 %',
  ),
  loanTermMonthsMax: integer(
    'MILLRACE_LOAN_TERM_MONTHS_MAX',
    'loan-term-months-max',
    480,
    [1, 480],
    'The longest term of a new loan',
  ),
  loanFundingDaysMax: integer(
    'MILLRACE_LOAN_FUNDING_DAYS_MAX',
    'loan-funding-days-max',
    1_827,
    [1, 36_525],
    'How far away the funding deadline of a new loan may be, in days',
  ),
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
} as const satisfies Record<string, ConfigOption<unknown>>;

export type ConfigKey = keyof typeof CONFIG_OPTIONS;
export type Config = { readonly [Key in ConfigKey]: ReturnType<(typeof CONFIG_OPTIONS)[Key]['read']> };
