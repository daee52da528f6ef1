import type pg from 'pg';
import { beginTransaction, type Transaction } from '../db/transaction.ts';
import type { Command, Desk, Loader } from '../desks/desk.ts';

/**
 * What the desks of one worker remember of its shard: true of what was committed, and while a batch is being written of that
 * batch too. So whatever goes wrong with a batch, everything is forgotten.
 */
export class Memories {
  private readonly kept = new Map<Desk, unknown>();

  /** undefined for a desk that remembers nothing. */
  of(desk: Desk): unknown {
    return this.kept.get(desk);
  }

  /** Of these desks, the ones that remember something and have forgotten it. Nearly always there are none. */
  forgotten(desks: readonly Desk[]): Desk[] {
    return desks.filter((desk) => desk.memory && !this.kept.has(desk));
  }

  /** Reads what desks remember, one after the other, behind everything that the transaction has sent before. `only`: see DeskMemory. */
  async rebuild(tx: Transaction, desks: readonly Desk[], shard: number, only?: readonly Command[]): Promise<void> {
    const loader: Pick<Loader, 'select'> = { select: (statement, parameters) => tx.select(statement, parameters) };
    for (const desk of desks) {
      this.kept.set(desk, await desk.memory?.rebuild(loader, only ? { shard, only } : { shard }));
    }
  }

  /** Before the first command comes, since it may be much. The shard is claimed: nobody else writes for it. */
  async begin(client: pg.ClientBase, desks: Iterable<Desk>, shard: number): Promise<void> {
    const remembering = this.forgotten([...new Set(desks)]);
    if (remembering.length === 0) return;
    const tx = beginTransaction(client, { readOnly: true });
    await this.rebuild(tx, remembering, shard);
    await tx.rollback();
  }

  forget(): void {
    this.kept.clear();
  }
}
