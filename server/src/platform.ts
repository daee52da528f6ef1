import { asyncApiDocument } from '@millrace/contract';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { type Clock, systemClock } from './core/clock.ts';
import { parseAmount } from './core/money.ts';
import type { Config } from './config.ts';
import { isDatabaseUnavailable } from './db/errors.ts';
import { type Database, openDatabase } from './db/open-database.ts';
import { createLendingDesk, createLendingQueries } from './desks/lending/index.ts';
import { createPaymentsDesk } from './desks/payments/index.ts';
import type { Desk } from './desks/desk.ts';
import { createHttpServer, createRestEdge, type RestServices } from './edges/rest/index.ts';
import { createRelay } from './events/relay.ts';
import { createIntake } from './intake/create-intake.ts';
import { createIdentity } from './intake/identity/index.ts';
import { loadAssets } from './ledger/index.ts';
import { createHealth } from './ops/health.ts';
import { openInstallation } from './ops/installation.ts';
import { createMetrics } from './ops/metrics.ts';
import { removeRuntimeFile, writeRuntimeFile } from './ops/runtime-file.ts';
import { createPipeline } from './pipeline/index.ts';
import { createEventStreams, createPush, createStreamLimits } from './push/index.ts';
import { createIndexProjection, createReporting } from './reporting/index.ts';

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
  const reporting = createReporting({ pool, projection });

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
    reporting,
    clock,
    /** Whether this process takes orders. */
    accepting: () => pipeline.accepting(),
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
  /** Base URL of HTTP and WebSocket. */
  http: string;
  core: Core;
  /** Resolves when this process cannot go on: another one owns its work now. */
  ended: Promise<Error>;
  /** Takes no new work, finishes what waits, closes everything. */
  stop(): Promise<void>;
}

export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { config, log } = options;

  // 1. The database, and the way of an order on it
  const database = await openDatabase({ ...config, log });
  const core = await startCore(options, database);

  // 2. Who is told
  const { pool } = database;
  const push = createPush({ relay: core.relay, pool, log });
  const streams = createStreamLimits();
  const eventStreams = createEventStreams({ push, streams, log });

  // 3. The edges
  const app = createHttpServer({ log, trustProxy: config.trustProxy, isUnavailable: isDatabaseUnavailable });
  const services: RestServices = {
    intake: core.intake,
    identity: core.identity,
    loans: core.lending,
    ...core.reporting,
    push: eventStreams,
    health: createHealth({ pool, accepting: core.accepting }),
    metrics: core.metrics,
  };
  const { allowedOrigins, metricsToken } = config;
  await app.register(createRestEdge(services, { allowedOrigins, metricsToken: metricsToken || undefined, asyncApi: asyncApiDocument() }));
  await app.listen({ host: config.host, port: config.port });
  const http = urlOf(app.server.address() as AddressInfo);

  // 4. What other programs on this machine may know
  const { dataFolder } = config;
  const ready_at = new Date().toISOString();
  mkdirSync(dataFolder, { recursive: true });
  writeRuntimeFile(dataFolder, { pid: process.pid, http, grpc: null, data: dataFolder, ready_at, demo: null });

  return {
    banner: `Millrace ${http}\n`,
    http,
    core,
    ended: core.ended,
    async stop() {
      removeRuntimeFile(dataFolder, process.pid);
      eventStreams.close();
      push.stop();
      const closed = app.close();
      await core.stop();
      await closed;
      await database.close();
    },
  };
}

function urlOf({ address, port, family }: AddressInfo): string {
  const everywhere = address === '::' || address === '0.0.0.0';
  const host = everywhere ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}`;
}
