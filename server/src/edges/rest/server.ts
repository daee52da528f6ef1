import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { BODY_LIMIT_BYTES } from '@millrace/contract';
import type { Problem } from '../../core/result.ts';
import type { OwnNames } from '../own-names.ts';
import { createProxyWarning, hostOf, type ProxyTrust } from '../proxies.ts';
import { limitConnections, refusalOf } from '../request-guard.ts';
import { answerConnect, answerExpectation, answerUnknownRoutes, clientErrorHandler } from './client-errors.ts';
import { HTTP_LIMITS, type HttpLimits, PATH_PARAMETER_LENGTH_MAX } from './limits.ts';
import { createErrorHandler, sendProblem } from './problems.ts';
import { requestIdOf } from './request-headers.ts';
import { readJsonBodies } from './request-input.ts';

export interface HttpServerOptions {
  log: Logger;
  limits?: Partial<HttpLimits> | undefined;
  /** Which proxies may say who the client is. Default: none. */
  trustProxy?: ProxyTrust | undefined;
  /** The names that this server may be asked for by. Default: every name. */
  isOwnName?: OwnNames | undefined;
  /** Whether an error says that the database cannot be reached: 503 instead of 500. Default: never. */
  isUnavailable?: ((error: unknown) => boolean) | undefined;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Why a request is refused before anything of it is read but its head. */
    refusalOf(request: IncomingMessage): Problem | undefined;
  }
}

/**
 * The HTTP server that every edge on the HTTP port shares, with its limits, and without routes: whatever goes wrong on
 * it, from the first byte on, is answered with a problem.
 */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const limits = { ...HTTP_LIMITS, ...options.limits };
  const handleError = createErrorHandler(options);
  const app = fastify({
    // A logger per request costs more than the rest of the routing; what is worth a line is logged by the error handler.
    logger: false,
    genReqId: requestIdOf,
    requestIdHeader: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    trustProxy: options.trustProxy ?? false,
    // While it closes, intake refuses what must be refused, with a problem.
    return503OnClosing: false,
    routerOptions: { maxParamLength: PATH_PARAMETER_LENGTH_MAX },
    http: { maxHeaderSize: limits.headerBytesMax, connectionsCheckingInterval: limits.timeoutCheckMs },
    clientErrorHandler: clientErrorHandler((path) => allowedMethods(path)),
    frameworkErrors: handleError,
  });
  app.server.headersTimeout = limits.headersTimeoutMs;
  app.server.maxConnections = limits.connectionsMax;
  app.server.on('checkExpectation', answerExpectation);
  app.server.on('connect', answerConnect);
  app.setErrorHandler(handleError);
  const allowedMethods = answerUnknownRoutes(app);
  readJsonBodies(app);
  const { trustProxy, isOwnName } = options;
  const isExcess = limitConnections(app.server, { perAddress: limits.connectionsPerAddress, trustProxy });
  const noticeProxy = createProxyWarning(trustProxy, options.log);
  // Every request comes by here, those that open a socket too.
  app.decorate('refusalOf', (request: IncomingMessage) => {
    noticeProxy(request);
    return refusalOf(request, hostOf(request, trustProxy), { isOwnName, isExcess });
  });
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    const refusal = app.refusalOf(request.raw);
    if (refusal === undefined) return done();
    // What was sent behind the head is not read: the connection ends with the answer.
    reply.header('connection', 'close');
    sendProblem(reply, refusal);
  });
  if (options.log.isLevelEnabled('debug')) logAnswers(app, options.log);
  return app;
}

/** Answers that are being sent may take this long once everything has been decided. */
const CLOSE_MS_MAX = 1_000;
const CLOSE_LOOK_MS = 20;

/**
 * Takes no new connections, and resolves when all are closed: after `decided`, each as soon as its answer is sent. Node
 * itself would wait for two kinds: those that were answered while it closed, for as long as the client keeps them, and
 * those that never asked anything, which browsers open ahead of need, for ever.
 */
export async function closeHttpServer(app: FastifyInstance, decided: Promise<unknown>): Promise<void> {
  const closing = app.close().then(() => true);
  // The code that awaits it below is told; until then nothing does.
  closing.catch(() => undefined);
  await decided;
  for (let waited = 0; waited < CLOSE_MS_MAX; waited += CLOSE_LOOK_MS) {
    app.server.closeIdleConnections();
    if (await Promise.race([closing, pause(CLOSE_LOOK_MS, false)])) return;
  }
  app.server.closeAllConnections();
  await closing;
}

/** The access log. At `info` there is none: a line a request would cost a tenth of what a request may cost. */
function logAnswers(app: FastifyInstance, log: Logger): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { id, method, url } = request;
    log.debug({ request_id: id, method, url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered');
    done();
  });
}
