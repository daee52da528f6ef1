import type pg from 'pg';
import type { Command } from '../desks/desk.ts';
import type { Outcome } from './batch.ts';

/** A command that waits for its turn, with the promise of its outcome. */
export interface Waiting {
  readonly command: Command;
  readonly resolve: (outcome: Outcome) => void;
}

/** A first-in-first-out queue with a bound: when it is full, nothing is taken. */
export interface WaitingRoom {
  readonly size: number;
  push(waiting: Waiting): boolean;
  /** Takes up to `max`, in order. */
  take(max: number): Waiting[];
  /** Puts what was taken last back to the front; the bound does not apply, since it was admitted before. */
  putBack(waiting: readonly Waiting[]): void;
  /** Resolves when something waits, or with `close`. */
  filled(): Promise<void>;
  close(): void;
}

export function createWaitingRoom(sizeMax: number): WaitingRoom {
  let items: Waiting[] = [];
  let wake: (() => void) | undefined;
  let closed = false;
  const signal = (): void => {
    wake?.();
    wake = undefined;
  };
  return {
    get size() {
      return items.length;
    },
    push(waiting) {
      if (items.length >= sizeMax) return false;
      items.push(waiting);
      signal();
      return true;
    },
    take(max) {
      if (items.length <= max) {
        const all = items;
        items = [];
        return all;
      }
      return items.splice(0, max);
    },
    putBack(waiting) {
      items = [...waiting, ...items];
      signal();
    },
    filled() {
      if (items.length > 0 || closed) return Promise.resolve();
      return new Promise((resolve) => {
        wake = resolve;
      });
    },
    close() {
      closed = true;
      signal();
    },
  };
}

/**
 * Makes the caller the owner of a shard: the epoch goes up, so that whoever owned it before is refused by the fence at
 * its next batch.
 */
export async function claimShard(client: pg.ClientBase, shard: number, owner: string): Promise<bigint> {
  const { rows } = await client.query<{ epoch: bigint }>(
    `insert into shards (id, epoch, owner) values ($1, 1, $2)
     on conflict (id) do update set epoch = shards.epoch + 1, owner = excluded.owner returning epoch`,
    [shard, owner],
  );
  return (rows[0] as { epoch: bigint }).epoch;
}
