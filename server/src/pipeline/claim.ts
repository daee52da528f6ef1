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
  /** undefined where it is full: the command was not taken. */
  offer(command: Command): Promise<Outcome> | undefined;
  /** Takes up to `max`, in order. */
  take(max: number): Waiting[];
  /** Puts what was taken last back to the front; the bound does not apply, since it was admitted before. */
  putBack(waiting: readonly Waiting[]): void;
  /** Resolves when something waits, or with `wake` or `close`. */
  filled(): Promise<void>;
  wake(): void;
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
    offer(command) {
      if (items.length >= sizeMax) return undefined;
      return new Promise((resolve) => {
        items.push({ command, resolve });
        signal();
      });
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
    wake: signal,
    close() {
      closed = true;
      signal();
    },
  };
}

/**
 * Makes the caller the owner of a shard: the epoch goes up, so that its owner before is refused by the fence at
 * its next batch.
 *
 * @throws Error where the installation has no such shard.
 */
export async function claimShard(client: pg.ClientBase, shard: number, owner: string): Promise<bigint> {
  const { rows } = await client.query<{ epoch: bigint }>(
    'update shards set epoch = epoch + 1, owner = $2 where id = $1 returning epoch',
    [shard, owner],
  );
  if (!rows[0]) throw new Error(`this installation has no shard ${shard}`);
  return rows[0].epoch;
}
