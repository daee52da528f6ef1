import type { Logger } from 'pino';
import { type Clock, systemClock } from './core/clock.ts';
import { type Config, ConfigError } from './config.ts';
import { parseAmount } from './core/money.ts';
import type { Database } from './db/open-database.ts';
import { gatewayOf } from './desks/gateway.ts';
import { DESKS } from './desks/index.ts';
import type { Bonus, DeskContext, DeskModule, DeskSettings, RunningDesk } from './desks/module.ts';
import type { Report } from './desks/report.ts';
import { createAsk, type Resources } from './desks/resource.ts';
import {
  bonusJob,
  clockLimitsOf,
  createClockGuard,
  createErrands,
  createScheduler,
  ENGINE_OVERDUE,
  enqueueBonus,
  expiryTask,
  grantBonus,
  grantsBonusOf,
  retentionTask,
  routed,
} from './effects/index.ts';
import { createRelay } from './events/relay.ts';
import { createIntake } from './intake/create-intake.ts';
import { createIdentity } from './intake/identity/index.ts';
import { createReports } from './intake/reports.ts';
import { createAccountIds, loadAssets } from './ledger/index.ts';
import { createActivity } from './ops/activity.ts';
import { openInstallation } from './ops/installation.ts';
import { createMetrics } from './ops/metrics.ts';
import { createPipeline } from './pipeline/pipeline.ts';
import { createIndexProjection, createLogReaders, createReporting } from './reporting/index.ts';
import { createRetention, type RetentionLimits } from './retention/retention.ts';

/** Between two runs of what tidies up: what has expired, errands that were left behind, history that may go. */
const TIDYING_MINUTES = 10;

export interface OrderPathOptions {
  config: Config;
  log: Logger;
  /** Business time. Default: the system's clock. */
  clock?: Clock;
  /** How long an order waits for a database that is busy. Default 20 s. */
  busyMsMax?: number;
  /** The desks at work, in the order in which their rows are locked. Default: all that there are. */
  modules?: readonly DeskModule[];
}

export type OrderPath = Awaited<ReturnType<typeof startOrderPath>>;

/**
 * The way of an order, from intake to the event log: everything but edges and what happens outside.
 *
 * @throws ConfigError, or an error with the code `config_invalid`, where a setting does not fit this installation.
 */
export async function startOrderPath(options: OrderPathOptions, database: Database) {
  const { config, log, clock = systemClock, busyMsMax } = options;
  const modules: readonly DeskModule[] = options.modules ?? DESKS;
  const { connection, pool } = database;

  // 1. What this database is
  const own = ownShards(config);
  const installation = await openInstallation(pool, {
    demo: config.demo && database.embedded,
    shards: config.shards,
    nodeEnv: process.env['NODE_ENV'],
    gateway: config.gateway,
  });
  const assets = await loadAssets(pool, { code: config.currency, scale: config.currencyScale });
  const { deriveId } = installation;
  const accountIds = createAccountIds(deriveId);
  const gateway = gatewayOf(config, installation.demo);
  const startingBalance = config.startingBalance || (installation.demo ? DEMO_STARTING_BALANCE : '0');
  const grants = grantsBonus(startingBalance, assets.currency.scale);
  const shards = Array.from({ length: installation.shards }, (_, shard) => shard);
  const ownership = { own, shardCount: shards.length };

  // 2. The desks, and what their queries read by
  const projection = createIndexProjection({ pool, log });
  const readers = createLogReaders({ pool, projection, accountIds });
  const context: DeskContext = { pool, clock, assets, readers, gateway, config };
  const running: readonly RunningDesk[] = modules.map((module) => module.create(context));
  const desks = running.map(({ desk }) => desk);

  // 3. Who reads what was committed
  const relay = createRelay({ pool, shards, log, isOwn: (shard) => own.has(shard) });

  // 4. The pipeline, and intake before it
  let fence: (error: Error) => void;
  const ended = new Promise<Error>((resolve) => {
    fence = resolve;
  });
  const activity = createActivity();
  const pipeline = createPipeline({
    connection,
    desks,
    assets,
    accountIds,
    shards: [...own],
    queueSizeMax: config.queueSizeMax,
    claimMsMax: config.claimWaitSeconds * 1_000,
    takeOver: config.takeOver,
    ...(busyMsMax === undefined ? {} : { busyMsMax }),
    log,
    committed(shard, events) {
      activity.orders(metrics.committed(events).get('order_processed') ?? 0);
      relay.offer(shard, events);
      projection.offer(shard, events);
      if (events.some(({ type }) => errands.startedBy.has(type))) errands.consumer.wake();
    },
    fenced: (error) => fence(error),
    batchDone: activity.batch,
  });
  const retention = createRetention({ pool, clock, limits: retentionLimits(config), log });
  const metrics = createMetrics({
    pipeline,
    clockState: () => clockGuard.state(),
    indexLag: () => projection.lag(),
    dropped: retention.dropped,
  });
  const intakeAt = (at: Clock) =>
    createIntake({
      pipeline,
      pool,
      clock: at,
      shardCount: installation.shards,
      deriveId,
      answered: activity.answered,
      orders: { perSecond: config.ordersPerSecond, burst: config.ordersBurst },
    });
  const intake = intakeAt(clock);
  const reports = createReports({
    reports: Object.assign({}, ...running.map((desk) => desk.reports)) as Readonly<Record<string, Report>>,
    intake,
    pool,
    log,
    origin: { clock, shardCount: installation.shards, deriveId },
  });

  // 5. Who is asking
  const bonusOf = (userId: string): Bonus | undefined =>
    grants ? { userId, asset: assets.currency.code, amount: startingBalance } : undefined;
  const identity = createIdentity({
    pool,
    clock,
    log,
    config: {
      registrationsPerHour: config.registrationsPerHour,
      refuseDemoUsers: process.env['NODE_ENV'] === 'production',
    },
    hooks: {
      // The job makes sure that the balance comes even where this process ends between the two.
      onRegistered: async (client, userId) => {
        const bonus = bonusOf(userId);
        if (bonus) await enqueueBonus(client, bonus, ownership);
      },
      afterRegistered: async (userId) => {
        const bonus = bonusOf(userId);
        if (bonus && grantsBonusOf(userId, ownership)) await grantBonus(intake, bonus);
      },
    },
  });

  // 6. What can be asked
  const resources: Partial<Resources> = Object.assign({}, ...running.map((desk) => desk.resources));
  const reporting = createReporting({ pool, projection });

  // 7. Who acts on what was committed, and on what time has made due
  const outside = running.flatMap(({ errands: declared = [] }) => declared);
  const errands = createErrands({ errands: outside, intake, clock, log, pool, shards, deriveId });
  const owner = { pool, ...ownership };
  const tasks = {
    ...routed(errands.job, owner),
    ...routed(bonusJob(intake, bonusOf), owner),
    requeue_errands: errands.requeue,
    purge_expired: expiryTask(identity),
    drop_history: retentionTask(retention),
  };
  const recurring = {
    purge_expired: TIDYING_MINUTES,
    requeue_errands: TIDYING_MINUTES,
    drop_history: TIDYING_MINUTES,
  };
  const partly = own.size < shards.length ? own : undefined;
  const sources = running.flatMap(({ due }) => due ?? []);
  const clockLimits = clockLimitsOf(config);
  const clockGuard = createClockGuard({ pool, clock, log, ownShards: [...own], ...clockLimits });
  const scheduler = createScheduler({
    connection,
    tasks,
    lanes: errands.lanes,
    recurring,
    sources,
    ownShards: partly,
    intake,
    clock,
    log,
    whyHeld: clockGuard.whyHeld,
    ran: clockGuard.submitted,
  });

  await scheduler.prepare();
  await relay.start();
  await pipeline.start();
  projection.start();
  return {
    installation,
    assets,
    accountIds,
    desks,
    relay,
    projection,
    pipeline,
    activity,
    metrics,
    intake,
    /** Intake by another clock: the demonstration's history is made by it. */
    intakeAt,
    identity,
    resources,
    /** What everybody may know of the desks' settings. */
    deskSettings: Object.assign({}, ...running.map((desk) => desk.settings)) as DeskSettings,
    /** For callers inside this process. */
    ask: createAsk(resources, intake.submit),
    reporting,
    retention,
    clock,
    /** What brings money in and out; null: nothing does. */
    gateway: gateway?.name ?? null,
    /** What a new user is granted, as a decimal; '0': nothing. */
    startingBalance,
    /** Whether this process takes orders. */
    accepting: () => pipeline.accepting(),
    ended,
    scheduler,
    clockGuard,
    clockLimits,
    /** What must hold about the desks' rows. */
    checks: modules.flatMap(({ checks }) => checks),
    /** What time has made due. */
    due: sources,
    /** What is looked for beside what is wrong. */
    overdue: [...modules.flatMap(({ overdue }) => overdue), ...ENGINE_OVERDUE],
    /** What comes from outside, signed. */
    reports,
    /** What goes outside. */
    errands: outside,
    /** Readers of the event log that have cursors. */
    consumers: [errands.consumer],
    /** Begins what acts by itself: not before the server is ready, which it would delay. */
    async startEffects(): Promise<void> {
      errands.consumer.start();
      await scheduler.start();
    },
    async stop(): Promise<void> {
      await scheduler.stop();
      await errands.consumer.stop();
      await pipeline.drain();
      await projection.stop();
      await relay.stop();
    },
  };
}

function ownShards({ shards, ownShards: wish }: Config): ReadonlySet<number> {
  const unknown = wish.find((text) => !/^\d{1,5}$/.test(text) || Number(text) >= shards);
  if (unknown !== undefined)
    throw new ConfigError(
      `--own-shards names ${unknown}, but with --shards ${shards} there are 0 to ${shards - 1} only`,
    );
  return new Set(wish.length > 0 ? wish.map(Number) : Array.from({ length: shards }, (_, shard) => shard));
}

function retentionLimits(config: Config): RetentionLimits {
  return {
    rejectedDays: config.rejectedRetentionDays,
    rejectedOrdersMax: config.rejectedOrdersMax,
    idempotencyDays: config.idempotencyRetentionDays,
    deadLetterDays: config.deadLetterRetentionDays,
    openDeadLetterDays: config.openDeadLetterRetentionDays,
  };
}

/** What a demonstration's users play with. */
const DEMO_STARTING_BALANCE = '10000.00';

/** Whether a registration is given anything: 0 grants nothing. */
function grantsBonus(startingBalance: string, scale: number): boolean {
  const amount = parseAmount(startingBalance, scale);
  if (!amount.ok && amount.fault !== 'not_positive')
    throw new ConfigError(
      `--starting-balance ${startingBalance} is ${amount.fault.replaceAll('_', ' ')} for a currency with ${scale} decimal places`,
    );
  return amount.ok;
}
