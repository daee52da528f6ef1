import { DESKS, type Operation, type Role, type Scope } from '@millrace/contract';
import type { FastifyInstance } from 'fastify';
import type { Caller } from '../../src/core/caller.ts';
import { formatId, uuidv7 } from '../../src/core/ids.ts';
import type { OrderAnswer } from '../../src/core/order.ts';
import type { Problem, Result } from '../../src/core/result.ts';
import type { Resources } from '../../src/desks/resource.ts';
import {
  createHttpServer,
  createRestEdge,
  type HttpServerOptions,
  type RestOptions,
  type RestServices,
} from '../../src/edges/rest/index.ts';
import type { Answer, Submission } from '../../src/intake/intake.ts';
import { createLog } from '../../src/ops/log.ts';

const SCOPES_OF: Record<Role, Scope[]> = {
  investor: ['orders:read', 'orders:write'],
  trader: ['orders:read', 'orders:write'],
  operator: ['orders:read', 'orders:write', 'loans:write', 'operate'],
  service: ['orders:read', 'orders:write', 'users:write'],
};

export function fakeCaller(role: Role): Caller {
  const userId = uuidv7();
  return { userId, role, scopes: new Set(SCOPES_OF[role]), actingFor: userId };
}

export function fakeOrder(order: Partial<OrderAnswer> = {}): OrderAnswer {
  const at = new Date().toISOString();
  const id = formatId('order', uuidv7());
  return {
    id,
    kind: 'deposit',
    status: 'completed',
    reason: null,
    user_id: null,
    params: {},
    result: {},
    created_at: at,
    updated_at: at,
    ...order,
  };
}

/** What a service of the edge is asked, and what it answers: for tests of the edge alone. */
export interface FakeIntake {
  submissions: { caller: Caller; submission: Submission }[];
  answer: (submission: Submission) => Promise<Answer>;
  /** What holding a batch's key answers; undefined: it is held. */
  batchKeyProblem?: Problem | undefined;
}

export interface FakeEdge {
  app: FastifyInstance;
  intake: FakeIntake;
  /** By token: `mrs_investor…` and `mrk_…`; 47 characters as identity makes them. */
  tokens: Map<string, Caller>;
  stop(): Promise<void>;
}

export function fakeToken(prefix: 'mrs' | 'mrk', name: string): string {
  return `${prefix}_${name}`.padEnd(47, '0');
}

/** What desks answer, where a test is about none. */
export const unanswered: Partial<Resources> = Object.fromEntries(
  DESKS.flatMap(({ operations }): readonly Operation[] => operations)
    .filter(({ access }) => access !== 'signature')
    .map(({ operationId }) => [operationId, () => Promise.reject(new Error('no desk is faked'))]),
);

/** The edge on services that only remember what they were asked. */
export async function startFakeEdge(
  services: Partial<RestServices> = {},
  options: Partial<RestOptions> = {},
  server: Partial<HttpServerOptions> = {},
): Promise<FakeEdge> {
  const tokens = new Map<string, Caller>();
  for (const role of ['investor', 'trader', 'operator', 'service'] as const) {
    tokens.set(fakeToken('mrs', role), fakeCaller(role));
  }
  const intake: FakeIntake = {
    submissions: [],
    answer: async ({ id, kind }) => ({ ok: true, order: fakeOrder({ kind, ...(id && { id }) }), replayed: false }),
  };
  const submit = async (caller: Caller, submission: Submission): Promise<Answer> => {
    intake.submissions.push({ caller, submission });
    return intake.answer(submission);
  };
  const holdBatchKey = async (): Promise<Result<() => void>> => {
    const { batchKeyProblem } = intake;
    return batchKeyProblem ? { ok: false, problem: batchKeyProblem } : { ok: true, value: () => undefined };
  };
  const unused = new Proxy(
    {},
    { get: (_target, name) => () => Promise.reject(new Error(`${String(name)} is not faked`)) },
  );
  const all = {
    intake: { submit, holdBatchKey },
    identity: {
      authenticate: async (token: string) => tokens.get(token),
      record: async () => undefined,
      recordIntrusion: async () => undefined,
      actAs: async (caller: Caller, userId: string) =>
        caller.role === 'service' ? { ...caller, actingFor: userId } : undefined,
    },
    reports: unused,
    orders: unused,
    accounts: unused,
    resources: unanswered,
    events: unused,
    deadLetters: unused,
    push: unused,
    installation: unused,
    overview: unused,
    verifications: unused,
    health: { readiness: async () => ({ ready: true, checks: [] }) },
    metrics: { text: async () => ({ body: 'up 1\n', contentType: 'text/plain' }) },
    ...services,
  } as unknown as RestServices;
  const app = createHttpServer({ log: createLog('silent'), ...server });
  await app.register(createRestEdge(all, { asyncApi: {}, ...options }));
  await app.ready();
  return { app, intake, tokens, stop: () => app.close() };
}
