import { afterEach, describe, expect, it } from 'vitest';
import { type FakeEdge, fakeToken, startFakeEdge, unanswered } from '../../../test/support/rest-fakes.ts';
import type { Resources } from '../../desks/resource.ts';

const LOAN = 'loan_0190b8a0-5f3a-7c1e-9b1a-123456789abc';
let edge: FakeEdge | undefined;
afterEach(() => edge?.stop());

async function started(resources: Partial<Resources>): Promise<FakeEdge> {
  edge = await startFakeEdge({ resources: { ...unanswered, ...resources } });
  return edge;
}

const asOperator = { authorization: `Bearer ${fakeToken('mrs', 'operator')}` };
const close = { method: 'POST', url: `/v1/loans/${LOAN}/close`, payload: { reason: 'Withdrawn' } } as const;

describe('an operation that a desk answers', () => {
  it('is asked with what has passed the schemas, numbers and defaults filled in', async () => {
    let asked: unknown;
    const { app } = await started({
      listMerchants: async ({ query }) => {
        asked = query;
        return { ok: true, value: { data: [], has_more: false, next_cursor: null } };
      },
    });
    expect((await app.inject({ url: '/v1/merchants?search=tea', headers: asOperator })).statusCode).toBe(200);
    expect(asked).toEqual({ search: 'tea', limit: 50 });
    await app.inject({ url: '/v1/merchants?limit=7', headers: asOperator });
    expect(asked).toEqual({ limit: 7 });
    expect((await app.inject({ url: '/v1/merchants?limit=0', headers: asOperator })).statusCode).toBe(400);
  });

  it('places commands for the caller, under the request’s key, and says what was done before', async () => {
    const { app, intake } = await started({
      closeLoan: async ({ submit }) => {
        await submit('close_loan', { loan_id: LOAN });
        return { ok: true, value: { id: LOAN } as never, replayed: true };
      },
    });
    const answer = await app.inject({ ...close, headers: { ...asOperator, 'idempotency-key': 'k1' } });
    expect([answer.statusCode, answer.json(), answer.headers['idempotent-replayed']]).toEqual([
      200,
      { id: LOAN },
      'true',
    ]);
    expect(intake.submissions).toMatchObject([
      { submission: { kind: 'close_loan', idempotency: { operation: 'closeLoan', key: 'k1' } } },
    ]);
  });

  it('has the status of its success and the place of what was made', async () => {
    const merchant = { handle: 'tea' } as never;
    const { app } = await started({
      registerMerchant: async () => ({ ok: true, value: merchant, location: '/v1/merchants/tea' }),
    });
    const payload = { handle: 'tea', name: 'Tea' };
    const answer = await app.inject({ method: 'POST', url: '/v1/merchants', payload, headers: asOperator });
    expect([answer.statusCode, answer.headers.location]).toEqual([201, '/v1/merchants/tea']);
  });

  it('is not found where the desk knows no such thing, and has the desk’s problems', async () => {
    const { app } = await started({
      getLoan: async () => undefined,
      closeLoan: async () => ({ ok: false, problem: { code: 'loan_not_open', detail: 'It is closed.' } }),
    });
    const found = await app.inject({ url: `/v1/loans/${LOAN}`, headers: asOperator });
    expect([found.statusCode, found.json().code]).toEqual([404, 'not_found']);
    const refused = await app.inject({ ...close, headers: asOperator });
    expect([refused.statusCode, refused.json()]).toMatchObject([409, { code: 'loan_not_open' }]);
  });
});

it('does not start where an operation has no answer, or two', async () => {
  const { getLoan: _, ...rest } = unanswered;
  await expect(startFakeEdge({ resources: rest })).rejects.toThrow('operations without a handler: getLoan');
  const twice: Partial<Resources> = { ...unanswered, getOrder: async () => undefined };
  await expect(startFakeEdge({ resources: twice })).rejects.toThrow('a desk answers getOrder');
});
