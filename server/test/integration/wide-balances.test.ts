import fc from 'fast-check';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { uuidOfName } from '../../src/core/ids.ts';
import { AMOUNT_MINOR_MAX, formatAmount, TRANSFER_MINOR_MAX } from '../../src/core/money.ts';
import { connectPipelined, createPool } from '../../src/db/pool.ts';
import { beginTransaction } from '../../src/db/transaction.ts';
import {
  type AccountKey,
  accountRows,
  cashOf,
  type LedgerEntry,
  loadLedger,
  lockAccounts,
  outside,
  writeLedger,
} from '../../src/ledger/index.ts';
import { createOperatorReporting } from '../../src/reporting/index.ts';
import { accountIds } from '../support/account-ids.ts';
import { orderOf, startTestCore } from '../support/core.ts';
import { createDatabase } from '../support/database.ts';
import { expectSound } from '../support/ledger.ts';

test('deposits of the largest amount at scale 8 leave room for everybody else', async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const setup = new pg.Client(database.connection);
  await setup.connect();
  await setup.query("insert into assets (code, scale, name, class) values ('BTC', 8, 'Bitcoin', 'currency')");
  await setup.end();
  const bench = await startTestCore({ database });
  onTestFinished(() => bench.stop());
  const { core, pool } = bench;
  const deposit = async (amount: string): Promise<string> => {
    const params = { asset: 'BTC', amount };
    return orderOf(await core.intake.submit(await bench.user({ money: '0' }), { kind: 'deposit', params })).status;
  };
  // 9 × 10^18 minor units, where it ended, are 90 of them; 2^63 is past the 92nd.
  const many = 95;
  const statuses = await Promise.all(Array.from({ length: many }, () => deposit('1000000000')));
  expect(new Set(statuses)).toEqual(new Set(['completed']));
  expect(await deposit('0.00000001')).toBe('completed');

  const all = formatAmount(AMOUNT_MINOR_MAX * BigInt(many) + 1n, 8);
  const { ledger } = createOperatorReporting({ pool, clock: core.clock });
  expect(await ledger.trialBalance('BTC')).toMatchObject({
    value: { balanced: true, assets: [{ debit: all, credit: all, balance: '0.00000000' }] },
  });
  expect(await ledger.accounts({ limit: 1, asset: 'BTC', purpose: 'outside' })).toMatchObject({
    value: { data: [{ balance: `-${all}`, available: `-${all}` }] },
  });
  await expectSound(pool);
});

const OWNERS = ['ann', 'ben', 'cyn'].map(uuidOfName);
const WORLD = outside('BTC');
const BOOKS = accountRows(accountIds, 0);
const KEYS = [WORLD, ...OWNERS.map((owner) => cashOf(owner, 'BTC'))];
const account = fc.constantFrom(...KEYS);
const move = fc.record({ debit: account, credit: account, amount: fc.bigInt(1n, TRANSFER_MINOR_MAX) });

test('balances and holds of any size are read as they were written, and sum to zero', async () => {
  const database = await createDatabase();
  const pool = createPool(database.connection);
  const client = await connectPipelined(database.connection, 'test');
  onTestFinished(async () => {
    await client.end();
    await pool.end();
    await database.drop();
  });
  let lastTransferSeq = 0n;
  /** One batch: what a decision sees, and what it leaves. */
  async function batch(
    entries: readonly LedgerEntry[],
    holds: readonly string[] = [],
  ): Promise<Map<AccountKey, bigint>> {
    const tx = beginTransaction(client);
    const early = lockAccounts(tx, BOOKS, new Map(KEYS.map((key) => [key.name, key])));
    const set = await loadLedger(tx, BOOKS, early, KEYS, holds);
    const before = new Map(KEYS.map((key) => [key, set.balance(key)]));
    for (const entry of entries) set.post([entry], uuidOfName('an order'), 0);
    writeLedger(tx, BOOKS, set, { lastTransferSeq, at: '2026-01-01T00:00:00Z' });
    lastTransferSeq += BigInt(set.transfers.length);
    await tx.commit();
    return before;
  }
  const model = new Map(KEYS.map((key) => [key, 0n]));
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 12 }), async (moves) => {
      const entries: LedgerEntry[] = [];
      for (const { debit, credit, amount } of moves) {
        const has = model.get(debit) as bigint;
        if (debit === credit || (debit !== WORLD && has < amount)) continue;
        model.set(debit, has - amount);
        model.set(credit, (model.get(credit) as bigint) + amount);
        entries.push({ type: 'transfer', debit, credit, amount, reason: 'transfer' });
      }
      await batch(entries);
      expect(await batch([])).toEqual(model);
    }),
    { numRuns: 60 },
  );
  // Four of the largest holds together are more than 64 bits.
  const rich = KEYS[1] as AccountKey;
  const fill = {
    type: 'transfer',
    debit: WORLD,
    credit: rich,
    amount: TRANSFER_MINOR_MAX,
    reason: 'transfer',
  } as const;
  await batch([fill, fill, fill, fill]);
  const holds = ['one', 'two', 'three', 'four'].map(uuidOfName);
  await batch(holds.map((holdId) => ({ type: 'hold', holdId, account: rich, amount: TRANSFER_MINOR_MAX })));
  const { rows } = await pool.query(
    'select held::text, (select sum(balance)::text from accounts) as sum from accounts where id = $1',
    [accountIds(rich)],
  );
  expect(rows).toEqual([{ held: (4n * TRANSFER_MINOR_MAX).toString(), sum: '0' }]);
  await batch(
    holds.map((holdId) => ({ type: 'release', holdId, amount: TRANSFER_MINOR_MAX })),
    holds,
  );
  expect((await pool.query('select sum(held)::text as held from accounts')).rows).toEqual([{ held: '0' }]);
});
