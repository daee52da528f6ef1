import { asyncApiDocument } from '@millrace/contract';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { clockFaultText } from './effects/index.ts';
import { isDatabaseUnavailable } from './db/errors.ts';
import { openDatabase } from './db/open-database.ts';
import { createOwnNames, isLoopback } from './edges/own-names.ts';
import { createProxyTrust } from './edges/proxies.ts';
import { closeHttpServer, createHttpServer, createRestEdge, type RestServices } from './edges/rest/index.ts';
import { createWebEdge, hasWebApplication } from './edges/web.ts';
import { createWebSocketEdge } from './edges/websocket/edge.ts';
import { bannerOf } from './ops/banner.ts';
import { type Demo, openDemo, requireDemoAllowed } from './ops/demo/index.ts';
import { clockView } from './ops/overview.ts';
import { createHealth } from './ops/health.ts';
import { removeRuntimeFile, writeRuntimeFile } from './ops/runtime-file.ts';
import { createLive } from './live.ts';
import { openDataFolder } from './ops/data-folder.ts';
import { ensureFirstOperator, ensureOperatorKey } from './ops/operator-access.ts';
import { type OrderPath, type OrderPathOptions, startOrderPath } from './order-path.ts';
import { createEventStreams, createPush, createStreamLimits } from './push/index.ts';
import { createExplanations, createOperatorReporting } from './reporting/index.ts';
import { VERSION } from './version.ts';

export interface Platform {
  /** What to show the person who started it. */
  banner: string;
  /** Base URL of HTTP and WebSocket. */
  http: string;
  orderPath: OrderPath;
  /** Resolves when this process cannot go on: another one owns its work now. */
  ended: Promise<Error>;
  /** Takes no new work, finishes what waits, closes everything. */
  stop(): Promise<void>;
}

/**
 * Wires everything, in the order in which data passes through it, and resolves when the server is ready.
 *
 * @throws OpenDataFolder, EmbeddedPostgresError, UnsafeServer, DemoInProduction, or an error that says which setting does not fit.
 */
export async function startPlatform(options: OrderPathOptions): Promise<Platform> {
  const { config, log } = options;
  const { dataFolder, allowedOrigins } = config;
  openDataFolder(dataFolder, log);

  // 1. The database, and the way of an order on it
  const database = await openDatabase({ ...config, log });
  const { pool } = database;
  const orderPath = await startOrderPath(options, database);
  const { installation, relay, intake, identity, reporting, metrics } = orderPath;
  requireDemoAllowed(installation, process.env['NODE_ENV']);

  // 2. Who is told
  const push = createPush({ relay, pool, log });
  const streams = createStreamLimits();
  const eventStreams = createEventStreams({ push, streams, log });

  // 3. The edges
  let demo: Demo | undefined;
  let isStopping = false;
  const health = createHealth({
    pool,
    accepting: () => !isStopping && orderPath.accepting(),
    commits: orderPath.pipeline.gate.check,
    clockBelieved: () => (orderPath.clockGuard.state()?.fault ?? null) === null,
    log,
  });
  const live = createLive({
    orderPath,
    database,
    queueSizeMax: config.queueSizeMax,
    demo: () => demo?.access ?? null,
    streams,
    eventStreams,
    httpConnections: () => connectionsOf(app.server),
    log,
  });
  const services: RestServices = {
    intake,
    reports: orderPath.reports,
    identity,
    resources: orderPath.resources,
    ...reporting,
    ...createOperatorReporting({ pool, clock: orderPath.clock }),
    explanations: createExplanations({
      pool,
      deriveId: installation.deriveId,
      handed: push.handed,
      errands: orderPath.errands,
    }),
    push: eventStreams,
    ...live,
    clock: { confirm: async (by) => clockView(await orderPath.clockGuard.confirm(by)) },
    health,
    metrics,
  };
  const trustProxy = createProxyTrust(config.trustProxy);
  const app = createHttpServer({
    log,
    trustProxy,
    isOwnName: createOwnNames(config),
    limits: { connectionsPerAddress: config.connectionsPerAddress },
    isUnavailable: isDatabaseUnavailable,
  });
  await app.register(
    createRestEdge(services, {
      allowedOrigins,
      metricsToken: config.metricsToken || undefined,
      asyncApi: asyncApiDocument(),
    }),
  );
  const web = { folder: join(import.meta.dirname, '..', '..', 'web', 'dist') };
  await app.register(createWebEdge(web));
  const sockets = createWebSocketEdge({ push, intake, identity, streams, log, allowedOrigins, trustProxy });
  sockets.attach(app.server, (request) => app.refusalOf(request));
  identity.onEnding((userId) => {
    sockets.recheck(userId);
    eventStreams.recheck(userId);
  });

  // 4. The operator's key, and the demonstration
  await ensureOperatorKey({ pool, identity, dataFolder });
  demo = installation.demo
    ? await openDemo({
        ...orderPath,
        pool,
        shardCount: installation.shards,
        currency: orderPath.assets.currency.code,
        dataFolder,
        isOpen: !isLoopback(config.host),
        log,
      })
    : undefined;

  const firstOperator = demo ? null : await ensureFirstOperator({ pool, identity, email: config.operatorEmail });

  // 5. Ready: what comes after the file that says so needs no database any more
  await orderPath.clockGuard.whyHeld();
  await app.listen({ host: config.host, port: config.port });
  await orderPath.startEffects();
  const http = urlOf(app.server.address() as AddressInfo);
  const access = demo?.access ?? null;
  writeRuntimeFile(dataFolder, {
    pid: process.pid,
    http,
    grpc: null,
    data: dataFolder,
    ready_at: new Date().toISOString(),
    demo: access,
  });
  const banner = bannerOf({
    version: VERSION,
    http,
    app: hasWebApplication(web),
    grpc: null,
    dataFolder,
    database: `PostgreSQL ${database.version}${database.embedded ? ' (embedded)' : ''}`,
    demo: access,
    firstOperator,
    openTo: isLoopback(config.host) ? null : config.host,
    clockFault: clockFaultText(orderPath.clockGuard.state()),
    readyMs: performance.now(),
  });
  if (config.demo) demo?.start();

  return {
    banner,
    http,
    orderPath,
    ended: orderPath.ended,
    async stop() {
      isStopping = true;
      removeRuntimeFile(dataFolder, process.pid);
      await demo?.stop();
      eventStreams.close();
      live.close();
      await sockets.close();
      push.stop();
      await closeHttpServer(app, orderPath.stop());
      await database.close();
    },
  };
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}

function urlOf({ address, port, family }: AddressInfo): string {
  const everywhere = address === '::' || address === '0.0.0.0';
  const host = everywhere ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}`;
}
