import type pg from 'pg';
import { beginTransaction } from '../db/transaction.ts';
import type { Command } from '../desks/desk.ts';
import type { StoredEvent } from '../events/event.ts';
import type { AccountKey } from '../ledger/index.ts';
import type { Batch, Outcome } from './batch.ts';
import { decideBatch } from './decide.ts';
import { type LoadScope, loadBatch } from './load.ts';
import { Memories } from './memories.ts';
import { createRefusals } from './remembered-refusals.ts';

/** Ids are bare UUIDs. */
export interface PreviewAccount {
  readonly id: string;
  readonly ownerId: string;
  readonly purpose: AccountKey['purpose'];
  readonly asset: string;
  /** Decimal places of its amounts. */
  readonly scale: number;
}

/** What a command would do now: plain data, as outcomes are, so that the caller may be in another thread or process. */
export interface Preview {
  readonly outcome: Outcome;
  readonly postings: readonly { debit: PreviewAccount; credit: PreviewAccount; amount: bigint; reason: string }[];
  /** Of all accounts that the command looked at. */
  readonly balances: readonly { account: PreviewAccount; balance: bigint; held: bigint }[];
  readonly events: readonly Pick<StoredEvent, 'type' | 'subject' | 'userId' | 'data'>[];
}

/** Loads and decides on a snapshot that is rolled back. */
export async function preview(
  pool: pg.Pool,
  scope: Omit<LoadScope, 'shard' | 'epoch' | 'memories' | 'refusals'>,
  command: Command,
): Promise<Preview> {
  const client = await pool.connect();
  const tx = beginTransaction(client, { readOnly: true });
  try {
    const own = { shard: command.shard, epoch: null, memories: new Memories(), refusals: createRefusals() };
    const batch = await loadBatch(tx, { ...scope, ...own }, [command]);
    decideBatch(batch, new Map());
    return previewOf(batch);
  } finally {
    await tx.rollback().catch(() => undefined);
    client.release();
  }
}

function previewOf(batch: Batch): Preview {
  const accountOf = (key: AccountKey): PreviewAccount => {
    const { ownerId, purpose, asset } = key;
    return { id: batch.accountIds(key), ownerId, purpose, asset, scale: scaleIn(batch, asset) };
  };
  return {
    outcome: batch.outcomes[0] as Outcome,
    postings: batch.ledger.transfers.map(({ debit, credit, amount, reason }) => ({
      debit: accountOf(debit),
      credit: accountOf(credit),
      amount,
      reason,
    })),
    balances: [...batch.ledger.accounts.values()].map(({ key, balance, held }) => ({
      account: accountOf(key),
      balance,
      held,
    })),
    events: batch.events.map(({ type, subject, userId, data }) => ({ type, subject, userId, data })),
  };
}

function scaleIn({ assets, parts }: Batch, asset: string): number {
  const known = assets.get(asset);
  if (known) return known.scale;
  for (const { desk, rows } of parts) {
    const scale = desk.scaleOf?.(rows, asset);
    if (scale !== undefined) return scale;
  }
  return assets.currency.scale;
}
