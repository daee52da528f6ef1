import {
  asyncApiDocument,
  ERRORS,
  errorCodesOf,
  type Operation,
  OPERATIONS,
  Problem,
  type Role,
} from '@millrace/contract';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { Compile } from 'typebox/compile';
import { expect } from 'vitest';
import { parseId } from '../../src/core/ids.ts';
import {
  createHttpServer,
  createRestEdge,
  type HttpServerOptions,
  type RestOptions,
  type RestServices,
} from '../../src/edges/rest/index.ts';
import { createLive } from '../../src/live.ts';
import { createLog } from '../../src/ops/log.ts';
import { clockView } from '../../src/ops/overview.ts';
import { createEventStreams, createPush, createStreamLimits } from '../../src/push/index.ts';
import { createExplanations, createOperatorReporting } from '../../src/reporting/index.ts';
import { startTestCore, type TestCore, type TestCoreOptions } from './core.ts';

export interface TestUser {
  /** `usr_…` */
  id: string;
  /** Bare UUID. */
  userId: string;
  email: string;
  password: string;
  /** A session's token, or a service's key. */
  token: string;
}

export interface Call {
  as?: TestUser | string | undefined;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface TestRest extends TestCore {
  app: FastifyInstance;
  services: RestServices;
  /** A user with a session; a service with a key. Has nothing yet, unless `money` is given. */
  person(role?: Role, money?: string): Promise<TestUser>;
  /** `call('POST', '/v1/orders', {…})`; the answer must be one that the contract declares. */
  call(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, call?: Call): Promise<LightMyRequestResponse>;
}

export interface TestRestOptions extends TestCoreOptions {
  rest?: Partial<RestOptions>;
  server?: Partial<HttpServerOptions>;
}

/** The HTTP API on the real way of an order and a real database. */
export async function startTestRest(options: TestRestOptions = {}): Promise<TestRest> {
  const test = await startTestCore(options);
  const { core, pool } = test;
  const log = createLog('silent');
  const push = createPush({ relay: core.relay, pool, log });
  const places = createStreamLimits();
  const streams = createEventStreams({ push, streams: places, log });
  const live = createLive({
    orderPath: core,
    database: { pool, version: '18', embedded: false },
    queueSizeMax: 20_000,
    demo: () => null,
    streams: places,
    eventStreams: streams,
    httpConnections: async () => 0,
    log,
  });
  const services: RestServices = {
    intake: core.intake,
    reports: core.reports,
    identity: core.identity,
    resources: core.resources,
    ...core.reporting,
    ...createOperatorReporting({ pool, clock: core.clock }),
    explanations: createExplanations({
      pool,
      deriveId: core.installation.deriveId,
      handed: push.handed,
      errands: core.errands,
    }),
    push: streams,
    ...live,
    health: { readiness: async () => ({ ready: true, checks: [{ name: 'database', ok: true }] }) },
    metrics: core.metrics,
    clock: { confirm: async (by) => clockView(await core.clockGuard.confirm(by)) },
  };
  const app = createHttpServer({ log, ...options.server });
  await app.register(createRestEdge(services, { asyncApi: asyncApiDocument(), ...options.rest }));
  await app.ready();
  return {
    ...test,
    app,
    services,
    person: (role = 'investor', money) => makePerson(test, role, money),
    call: (method, url, call) => callAndCheck(app, method, url, call),
    async stop() {
      streams.close();
      live.close();
      push.stop();
      await app.close();
      await test.stop();
    },
  };
}

let count = 0;

async function makePerson({ core }: TestCore, role: Role, money: string | undefined): Promise<TestUser> {
  count += 1;
  const email = `${role}-${count}@test.example`;
  const password = `the ${role} number ${count}`;
  const made = await core.identity.createUser({
    email,
    name: `${role} ${count}`,
    role,
    ...(role !== 'service' && { password }),
  });
  if (!made.ok) throw new Error(made.problem.detail);
  const { id } = made.value.user;
  const userId = parseId('user', id) as string;
  const token = role === 'service' ? await keyOf(core, userId) : await sessionOf(core, email, password);
  if (money !== undefined) {
    const caller = await core.identity.authenticate(token);
    if (!caller) throw new Error('the new user is nobody');
    await core.intake.submit(caller, { kind: 'deposit', params: { asset: 'USD', amount: money } });
  }
  return { id, userId, email, password, token };
}

async function keyOf(core: TestCore['core'], userId: string): Promise<string> {
  const key = await core.identity.createServiceKey({ userId, name: 'test' });
  if (!key.ok) throw new Error(key.problem.detail);
  return key.value.key;
}

async function sessionOf(core: TestCore['core'], email: string, password: string): Promise<string> {
  const session = await core.identity.login({ email, password }, { address: '127.0.0.1' });
  if (!session.ok) throw new Error(session.problem.detail);
  return session.value.token;
}

async function callAndCheck(
  app: FastifyInstance,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  { as, body, headers }: Call = {},
) {
  const token = typeof as === 'string' ? as : as?.token;
  const answer = await app.inject({
    method,
    url,
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
    ...(body !== undefined && { payload: body as object }),
  });
  const operation = operationOf(method, url);
  if (operation) expectDeclared(operation, answer);
  return answer;
}

export function operationOf(method: string, url: string): Operation | undefined {
  const path = url.split('?', 1)[0] as string;
  const matches = OPERATIONS.filter(
    (operation) =>
      operation.method === method && new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  // `/v1/orders/batch` also looks like `/v1/orders/{id}`.
  return matches.find((operation) => operation.path === path) ?? matches[0];
}

/** An answer must have a status that the operation declares, and the body that is declared for it. */
export function expectDeclared(operation: Operation, answer: LightMyRequestResponse): void {
  const { statusCode } = answer;
  const declared = operation.responses[statusCode];
  if (!declared) return expectProblem(operation, answer);
  if (!declared.schema) expect(answer.body).toBe('');
  else if (declared.mediaType === undefined) {
    const faults = Compile(declared.schema).Errors(answer.json());
    expect({ operation: operation.operationId, answer: answer.body, faults }).toMatchObject({ faults: [] });
  }
}

const problem = Compile(Problem);

function expectProblem(operation: Operation, answer: LightMyRequestResponse): void {
  const body = answer.json();
  const declared: readonly string[] = errorCodesOf(operation);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect({ operation: operation.operationId, body, faults: problem.Errors(body) }).toMatchObject({ faults: [] });
  expect({ operation: operation.operationId, body, isDeclared: declared.includes(body.code) }).toMatchObject({
    isDeclared: true,
  });
  expect(ERRORS[body.code as keyof typeof ERRORS].http).toBe(answer.statusCode);
}
