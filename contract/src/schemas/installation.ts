import Type from 'typebox';
import { DESK_SETTINGS, DESK_TOTALS } from '../desks/index.ts';
import { EVERYBODY } from '../roles.ts';
import { AssetCode, Decimal, Time } from './common.ts';
import { Overdue } from './verification.ts';

const strict = { additionalProperties: false } as const;

const Count = Type.Integer({ minimum: 0 });

/** Live numbers of the whole installation; at most a second old, behind the newest commit by about as much. */
export const InstallationTotals = Type.Object(
  {
    users: Count,
    ...DESK_TOTALS,
    orders: Type.Integer({ minimum: 0, description: 'Orders ever placed, whatever became of them.' }),
    orders_per_second: Type.Number({
      minimum: 0,
      description: 'Orders decided by the process that answers, mean over its last 10 seconds.',
    }),
  },
  strict,
);

export const Installation = Type.Object(
  {
    name: Type.String(),
    version: Type.String({ description: 'Of the server.' }),
    currency: Type.Object(
      { asset: AssetCode, scale: Type.Integer({ minimum: 0, maximum: 8, description: 'Decimal places.' }) },
      { ...strict, description: 'The main currency.' },
    ),
    demo: Type.Union(
      [
        Type.Object(
          {
            users: Type.Array(
              Type.Object({ role: Type.Enum([...EVERYBODY]), email: Type.String(), password: Type.String() }, strict),
            ),
          },
          strict,
        ),
        Type.Null(),
      ],
      { description: 'Logins that everybody knows, in a demo installation only; else null.' },
    ),
    gateway: Type.Union([Type.String({ maxLength: 64 }), Type.Null()], {
      description:
        'What brings money in and out (`simulated`: play money; `reported`: withdrawals only). null: nothing does, and deposits and withdrawals are rejected.',
    }),
    starting_balance: Type.Union([Type.Object({ asset: AssetCode, amount: Decimal }, strict), Type.Null()], {
      description: 'What a new user is granted; null: nothing.',
    }),
    ...DESK_SETTINGS,
    roles_open: Type.Array(Type.Enum([...EVERYBODY]), { description: 'Roles that anybody may sign up for.' }),
    totals: InstallationTotals,
  },
  strict,
);

const Percentiles = Type.Object(
  {
    p50_ms: Type.Union([Type.Number(), Type.Null()]),
    p99_ms: Type.Union([Type.Number(), Type.Null()]),
  },
  { ...strict, description: 'Milliseconds over the last minute, within 5 %; null: nothing was measured.' },
);

const OutcomesOfMinute = Type.Object(
  {
    minute: Time,
    completed: Count,
    rejected: Count,
    failed: Count,
    pending: Count,
    open: Count,
    canceled: Count,
  },
  {
    ...strict,
    description:
      'Orders that came to the status that they have now within the minute; those that still wait were placed in it. Each counts once.',
  },
);

const OutcomesOfKind = Type.Object(
  { kind: Type.String(), completed: Count, rejected: Count, failed: Count, canceled: Count, opened: Count },
  { ...strict, description: '`opened`: new orders; the others: orders that came to the status that they have now.' },
);

/** Whether business time is believed. */
export const ClockView = Type.Object(
  {
    fault: Type.Union([Type.Enum(['database', 'behind', 'gap']), Type.Null()], {
      description:
        'database: the clocks of the process and of the database differ. behind: an event is of a later time. gap: a long time has passed ' +
        'since the installation was last at work. While there is one, nothing that is due is submitted: no collection, no expiry, no ' +
        'default. Orders are taken. null: all is well.',
    }),
    business: Time,
    database: Time,
    last_seen: Type.String({ format: 'date-time', description: 'When nothing was last wrong.' }),
    latest_event: Type.String({ format: 'date-time', description: 'The latest time of an event.' }),
  },
  strict,
);

export type WireClock = Type.Static<typeof ClockView>;

/** What an operator sees of the running installation. */
export const Overview = Type.Object(
  {
    at: Time,
    uptime_seconds: Count,
    version: Type.String(),
    database: Type.Object({ version: Type.String(), embedded: Type.Boolean() }, strict),
    orders: Type.Object(
      {
        per_second: Type.Number({ minimum: 0, description: 'Decided by this process, mean over its last 10 seconds.' }),
        last_hour: Type.Array(OutcomesOfMinute, {
          maxItems: 60,
          description: 'Oldest first; every minute is there, the last one is under way.',
        }),
        by_kind: Type.Array(OutcomesOfKind, {
          description: 'Of the last 24 hours, the most frequent first.',
        }),
      },
      strict,
    ),
    latency: Type.Object(
      { answer: Percentiles, commit: Percentiles },
      {
        ...strict,
        description:
          'Of this process. `answer`: from admission until the outcome is known; `commit`: one batch, from reading to commit.',
      },
    ),
    queue: Type.Object(
      { waiting: Count, max: Count },
      { ...strict, description: 'Commands, over the shards of this process.' },
    ),
    commits: Type.Object(
      {
        possible: Type.Boolean({
          description: 'Whether the database takes writes; while it does not, orders get 503 `not_ready`.',
        }),
        since: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
          description: 'Since when it does not; null: it does.',
        }),
        cause: Type.Union([Type.String(), Type.Null()], {
          description:
            'Why it does not: PostgreSQL’s SQLSTATE, or the operating system’s code. `53100`: disk full, `25006`: read-only.',
        }),
      },
      strict,
    ),
    batch: Type.Object(
      {
        size_mean: Type.Union([Type.Number(), Type.Null()], { description: 'Commands a batch over the last minute.' }),
      },
      strict,
    ),
    shards: Type.Array(
      Type.Object(
        { shard: Count, owner: Type.Union([Type.String(), Type.Null()]), epoch: Count, head_seq: Count },
        strict,
      ),
    ),
    consumers: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          shard: Count,
          cursor: Count,
          head: Count,
          lag: Type.Integer({
            minimum: 0,
            description:
              'Events that concern it and that it has not handled; counted up to 10,000 where not all concern it.',
          }),
          lag_seconds: Type.Number({
            minimum: 0,
            description: 'Age of the oldest event that it has not handled; 0: none.',
          }),
        },
        strict,
      ),
    ),
    clock: Type.Union([ClockView, Type.Null()], { description: 'null: this process has not looked at it yet.' }),
    due: Type.Object(
      {
        waiting: Type.Integer({
          minimum: 0,
          description: 'What time has made due and is not submitted; up to 10,000.',
        }),
        done: Type.Integer({
          minimum: 0,
          description: 'Submitted since this process began to catch up; 0: it does not.',
        }),
      },
      strict,
    ),
    overdue: Overdue,
    read_models: Type.Object(
      { lag: Type.Integer({ minimum: 0, description: 'Entries of both logs that lists do not hold yet.' }) },
      strict,
    ),
    jobs: Type.Object(
      {
        waiting: Type.Integer({ minimum: 0, description: 'Counted up to 10,000.' }),
        failing: Type.Integer({ minimum: 0, description: 'Of these, those that have failed at least once.' }),
      },
      strict,
    ),
    dead_letters: Type.Object({ waiting: Type.Integer({ minimum: 0, description: 'Counted up to 10,000.' }) }, strict),
    connections: Type.Object(
      {
        websocket: Count,
        sse: Count,
        http: Type.Integer({ minimum: 0, description: 'All connections to the port, sockets and streams included.' }),
      },
      { ...strict, description: 'Of this process.' },
    ),
    memory_bytes: Type.Integer({ minimum: 0, description: 'Resident memory of this process.' }),
  },
  strict,
);
