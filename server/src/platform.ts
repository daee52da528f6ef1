import type { Logger } from 'pino';
import { type Clock, systemClock } from './core/clock.ts';
import { parseAmount } from './core/money.ts';
import type { Config } from './config.ts';
import { type Database, openDatabase } from './db/open-database.ts';
import { createLendingDesk, createLendingQueries } from './desks/lending/index.ts';
import { createPaymentsDesk } from './desks/payments/index.ts';
import type { Desk } from './desks/desk.ts';
import { createRelay } from './events/relay.ts';
import { createIntake } from './intake/create-intake.ts';
import { createIdentity } from './intake/identity/index.ts';
import { loadAssets } from './ledger/index.ts';
import { openInstallation } from './ops/installation.ts';
import { createMetrics } from './ops/metrics.ts';
import { createPipeline } from './pipeline/index.ts';
import { createIndexProjection } from './reporting/index-projection.ts';

export interface PlatformOptions {
  config: Config;
  log: Logger;
  /** Business time. Default: the system's clock. */
  clock?: Clock;
}

export type Core = Awaited<ReturnType<typeof startCore>>;

/** The way of an order, from intake to the event log: everything but edges and what happens outside. */
export async function startCore({ config, log, clock = systemClock }: PlatformOptions, database: Database) {
  const { connection, pool } = database;

  // 1. What this database is
  const installation = await openInstallation(pool, { demo: config.demo && database.embedded, shards: config.shards });
  const assets = await loadAssets(pool, { code: config.currency, scale: config.currencyScale });
  const shards = Array.from({ length: installation.shards }, (_, shard) => shard);
  const own = new Set(config.ownShards.length > 0 ? config.ownShards.map(Number) : shards);

  // 2. The desks, in the order in which their rows are locked
  const desks = [
    createLendingDesk({ currency: assets.currency, servicingFeeRate: config.servicingFeeRate }),
    createPaymentsDesk({ currency: assets.currency }),
  ] as Desk[];

  // 3. Who reads what was committed
  const relay = createRelay({ pool, shards, log, isOwn: (shard) => own.has(shard) });
  const projection = createIndexProjection({ pool, log });

  // 4. The pipeline, and intake before it
  let fence: (error: Error) => void;
  const ended = new Promise<Error>((resolve) => {
    fence = resolve;
  });
  const pipeline = createPipeline({
    connection,
    pool,
    desks,
    assets,
    shards: [...own],
    queueSizeMax: config.queueSizeMax,
    log,
    committed(shard, events) {
      metrics.committed(events);
      relay.offer(shard, events);
      projection.wake();
    },
    fenced: (error) => fence(error),
  });
  const metrics = createMetrics(pipeline);
  const intakeAt = (at: Clock) => createIntake({ pipeline, pool, clock: at, shardCount: installation.shards });
  const intake = intakeAt(clock);

  // 5. Who is asking
  const bonus = parseAmount(config.startingBalance, assets.currency.scale);
  const identity = createIdentity({
    pool,
    clock,
    log,
    config: { registrationsPerHour: config.registrationsPerHour, refuseDemoUsers: process.env['NODE_ENV'] === 'production' },
    hooks: {
      async afterRegistered(userId) {
        if (!bonus.ok) return;
        await intake.submitInternal('grant_bonus', `bonus/${userId}`, {
          user_id: `usr_${userId}`,
          asset: assets.currency.code,
          amount: config.startingBalance,
        });
      },
    },
  });

  // 6. What can be asked
  const lending = createLendingQueries({ pool, clock });

  await relay.start();
  await pipeline.start();
  projection.start();
  return {
    installation,
    assets,
    desks,
    relay,
    projection,
    pipeline,
    metrics,
    intake,
    /** Intake by another clock: the demonstration's history is made by it. */
    intakeAt,
    identity,
    lending,
    clock,
    ended,
    async stop(): Promise<void> {
      await pipeline.drain();
      await projection.stop();
      await relay.stop();
    },
  };
}

export interface Platform {
  banner: string;
  /** Resolves when this process cannot go on: another one owns its work now. */
  ended: Promise<Error>;
  stop(): Promise<void>;
}

export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { config, log } = options;
  const database = await openDatabase({ ...config, log });
  const core = await startCore(options, database);
  return {
    banner: 'Millrace\n',
    ended: core.ended,
    async stop() {
      await core.stop();
      await database.close();
    },
  };
}
