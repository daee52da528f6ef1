import type { ErrorCode } from '@millrace/contract';
import { expect, test } from 'vitest';
import { formatId, uuidOfName } from '../core/ids.ts';
import type { OrderRecord } from '../core/order.ts';
import { type Command, type Decision, type Desk, type OrderChange, refuse } from '../desks/desk.ts';
import { cashOf, GrowingAssetBook, LedgerWorkingSet, type LedgerEntry } from '../ledger/index.ts';
import type { Batch, DeskPart } from './batch.ts';
import { decideBatch } from './decide.ts';
import { createRefusals, refusalsOfBatch } from './remembered-refusals.ts';

/** What an event carries that nobody looks into. */
const RECEIVED = { user_id: 'usr_x', order_id: 'ord_x', asset: 'USD', amount: '1.00' };

const USD = { code: 'USD', scale: 2 };
const AT = Date.UTC(2026, 0, 2);
const order = (i: number): string => uuidOfName(`resting ${i}`);

function commandOf(id: string): Command {
  return {
    id,
    kind: 'transfer',
    userId: null,
    actorId: null,
    params: {},
    at: AT,
    shard: 0,
    idMayExist: false,
    fingerprint: null,
    key: null,
    retryOf: null,
  };
}

function resting(id: string): OrderRecord {
  return {
    id,
    kind: 'transfer',
    status: 'open',
    reason: null,
    userId: null,
    actorId: null,
    visible: true,
    params: {},
    result: {},
    fingerprint: null,
    createdAt: new Date(AT).toISOString(),
    updatedAt: new Date(AT).toISOString(),
  };
}

/** A batch of one desk that decides everything so, over orders that are open. */
function batchOf(
  decision: Extract<Decision<never>, { type: 'decide' }>,
  open: readonly string[],
  commands = ['taker'],
) {
  const desk: Desk = {
    name: 'test',
    kinds: ['transfer'],
    load: async () => ({ rows: {}, accounts: [], holds: [], orders: [] }),
    decide: () => decision,
    apply: () => undefined,
    summarize: () => [],
    write: () => undefined,
  };
  const keys = ['a', 'b'].map((name) => cashOf(name, 'USD'));
  const ledger = new LedgerWorkingSet(new Map(keys.map((key) => [key.name, key])));
  for (const key of keys) ledger.addAccount(key, 1_000n, 0n);
  const batch: Batch = {
    shard: 0,
    commands: commands.map((name) => commandOf(uuidOfName(name))),
    assets: new GrowingAssetBook(USD, []),
    accountIds: ({ name }) => name,
    ledger,
    parts: [{ desk, rows: {}, memory: undefined }],
    orders: new Map(open.map((id) => [id, resting(id)])),
    keys: new Map(),
    refusals: refusalsOfBatch(createRefusals()),
    lastEventSeq: 0,
    lastTransferSeq: 0n,
    outcomes: [],
    newOrders: new Set(),
    changedOrders: new Set(),
    newKeys: [],
    events: [],
    deadLetters: [],
    retriedDeadLetters: [],
  };
  return batch;
}

/** A decision that fills `count` open orders with an event each, and counts how often it is looked into. */
function fills(count: number): { decision: Extract<Decision<never>, { type: 'decide' }>; looks: () => number } {
  let looks = 0;
  const counted = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(of, name, receiver) {
        looks += 1;
        return Reflect.get(of, name, receiver);
      },
    });
  const each = Array.from({ length: count }, (_, i) => i);
  const orders = each.map((i) => counted<OrderChange>({ id: order(i), status: 'completed', reason: null, result: {} }));
  const events = each.map((i) =>
    counted({
      type: 'transfer_received' as const,
      subject: formatId('order', order(i)),
      userId: null,
      orderId: order(i),
      data: RECEIVED,
    }),
  );
  return {
    decision: {
      type: 'decide',
      status: 'completed',
      reason: null,
      result: {},
      entries: [],
      changes: [],
      events,
      orders: counted(orders),
    },
    looks: () => looks,
  };
}

test('a decision that changes a thousand orders costs ten times what one costs that changes a hundred', () => {
  const looksFor = (count: number): number => {
    const { decision, looks } = fills(count);
    const batch = batchOf(
      decision,
      Array.from({ length: count }, (_, i) => order(i)),
    );
    decideBatch(batch, new Map());
    expect(batch.changedOrders.size).toBe(count);
    expect(batch.events).toHaveLength(2 * count + 1);
    return looks();
  };
  expect(looksFor(1_000)).toBeLessThan(11 * looksFor(100));
});

test('what a batch has recorded is never searched through for an order that is changed', () => {
  const { decision } = fills(50);
  const batch = batchOf(
    decision,
    Array.from({ length: 50 }, (_, i) => order(i)),
  );
  let walks = 0;
  batch.newOrders[Symbol.iterator] = () => {
    walks += 1;
    return new Set<never>().values();
  };
  decideBatch(batch, new Map());
  expect(walks).toBe(0);
});

test('the events of a decision: the desk’s as it gives them, its own order’s, then each changed order’s; each stands with its order', () => {
  const [first, second] = [order(0), order(1)];
  const told = (orderId?: string) => ({
    type: 'transfer_received' as const,
    subject: 'usr_x',
    userId: null,
    data: RECEIVED,
    ...(orderId === undefined ? {} : { orderId }),
  });
  const changeOf = (id: string): OrderChange => ({ id, status: 'completed', reason: null, result: {} });
  const batch = batchOf(
    {
      type: 'decide',
      status: 'completed',
      reason: null,
      result: {},
      entries: [],
      changes: [],
      events: [told(second), told(), told(first)],
      orders: [changeOf(first), changeOf(second)],
    },
    [first, second],
  );
  decideBatch(batch, new Map());
  const own = uuidOfName('taker');
  expect(batch.events.map(({ type, orderId, opensOrder, followUp }) => [type, orderId, opensOrder, followUp])).toEqual([
    ['transfer_received', second, false, true],
    ['transfer_received', own, false, false],
    ['transfer_received', first, false, true],
    ['order_processed', own, true, false],
    ['order_processed', first, false, true],
    ['order_processed', second, false, true],
  ]);
  expect([...batch.newOrders]).toMatchObject([{ id: own, firstEventSeq: 2, lastEventSeq: 4 }]);
});

test('two movements of one decision between the same parties are two lines; a decision that acts again has the same', () => {
  const fill: LedgerEntry = {
    type: 'transfer',
    debit: cashOf('a', 'USD'),
    credit: cashOf('b', 'USD'),
    amount: 1n,
    reason: 'transfer',
  };
  const batch = batchOf(
    {
      type: 'decide',
      status: 'completed',
      reason: null,
      result: {},
      entries: [fill, fill],
      changes: [],
      events: [],
      orders: [],
    },
    [],
    ['taker', 'another'],
  );
  decideBatch(batch, new Map());
  expect(batch.ledger.transfers.map(({ line }) => line)).toEqual([1, 2, 1, 2]);
});

test('what is refused is remembered, and told within the batch too, unless a repetition may mend it; other content is decided', () => {
  const known = createRefusals();
  const codes: ErrorCode[] = ['not_found', 'overloaded'];
  const decide = (asks: readonly [id: string, fingerprint: string][]) => {
    let decided = 0;
    const batch = batchOf(
      {} as never,
      [],
      asks.map(([id]) => id),
    );
    const desk: Desk = {
      ...(batch.parts[0] as DeskPart).desk,
      decide: () => refuse(codes[decided++] as ErrorCode, ''),
    };
    const commands = asks.map(([id, fingerprint]) => ({ ...commandOf(id), userId: uuidOfName('ann'), fingerprint }));
    const own: Batch = {
      ...batch,
      commands,
      parts: [{ desk, rows: {}, memory: undefined }],
      refusals: refusalsOfBatch(known),
    };
    decideBatch(own, new Map());
    return {
      told: own.outcomes.map((outcome) => outcome.type === 'problem' && outcome.problem.code),
      commit: own.refusals.commit,
    };
  };
  const { told, commit } = decide([
    ['a', 'first'],
    ['b', 'first'],
    ['a', 'first'],
  ]);
  expect(told).toEqual(['not_found', 'overloaded', 'not_found']);
  codes.splice(0, 2, 'id_taken', 'id_taken', 'id_taken');
  // What is not committed was told to nobody.
  expect(decide([['a', 'first']]).told).toEqual(['id_taken']);
  commit();
  expect(
    decide([
      ['a', 'first'],
      ['b', 'first'],
      ['a', 'second'],
    ]).told,
  ).toEqual(['not_found', 'id_taken', 'id_taken']);
});
