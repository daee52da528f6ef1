import { expect, test } from 'vitest';
import { uuidOfName } from '../core/ids.ts';
import type { Transaction } from '../db/transaction.ts';
import type { Command, Desk } from '../desks/desk.ts';
import { cashOf, GrowingAssetBook } from '../ledger/index.ts';
import { loadBatch } from './load.ts';
import { Memories } from './memories.ts';
import { createRefusals } from './remembered-refusals.ts';

const USER = uuidOfName('ann');
const command = (asset: string): Command => ({
  id: uuidOfName(asset),
  kind: 'deposit',
  userId: USER,
  actorId: null,
  params: { asset, amount: '1' },
  at: 0,
  shard: 0,
  idMayExist: false,
  fingerprint: null,
  key: null,
  retryOf: null,
});

const desk: Desk = {
  name: 'test',
  kinds: ['deposit'],
  async load(loader, commands) {
    const accounts = commands.map(({ params }) => cashOf(USER, params['asset'] as string));
    loader.lockEarly(accounts);
    return { rows: {}, accounts, holds: [], orders: [] };
  },
  decide: () => {
    throw new Error('nothing is decided here');
  },
  apply: () => undefined,
  summarize: () => [],
  write: () => undefined,
};

/** What a batch of these asks for, by its ways to the database: each way what is sent before any answer to it comes. */
async function waysOf(assets: GrowingAssetBook, codes: readonly string[]): Promise<string[][]> {
  const ways: string[][] = [];
  let open: string[] | undefined;
  const tx: Transaction = {
    forUpdate: ' for update',
    select<Row>({ name }: { name: string }): Promise<Row[]> {
      if (!open) ways.push((open = []));
      open.push(name);
      const answer = name === 'pipeline_lock_shard' ? [{ epoch: 1n, event_seq: 0n, transfer_seq: 0n }] : [];
      return new Promise((resolve) => {
        setImmediate(() => {
          open = undefined;
          resolve(answer as Row[]);
        });
      });
    },
    write: () => undefined,
    commit: async () => undefined,
    rollback: async () => undefined,
  };
  const scope = { shard: 0, epoch: 1n, desks: new Map([['deposit', desk]]), assets, accountIds: () => USER };
  const own = { memories: new Memories(), refusals: createRefusals() };
  await loadBatch(tx, { ...scope, ...own }, codes.map(command));
  return ways;
}

test('an asset that does not exist costs a batch no way to the database of its own, however often it is named', async () => {
  const assets = new GrowingAssetBook({ code: 'USD', scale: 2 }, []);
  expect(await waysOf(assets, ['USD'])).toEqual([['pipeline_lock_shard', 'ledger_lock_accounts']]);
  for (let time = 0; time < 2; time += 1)
    expect(await waysOf(assets, ['USD', 'XXX', 'YYY'])).toEqual([
      ['pipeline_lock_shard', 'ledger_lock_accounts', 'ledger_select_assets'],
    ]);
});
