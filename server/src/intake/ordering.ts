import { KINDS, type KindName } from '@millrace/contract';
import type pg from 'pg';
import { parseId, shardOf, shardOfText } from '../core/ids.ts';
import type { Command } from '../desks/desk.ts';

type Keyed = Pick<Command, 'id' | 'userId' | 'params'>;

/**
 * The shard of a command, by the ordering key of its kind: commands with the same key are decided one after the other, in the order in
 * which they came. For a command that is about an order that is only where it stays if there is no such order: see `followOrder`.
 */
export function shardByKey(kind: KindName, { id, userId, params }: Keyed, shardCount: number): number {
  if (shardCount === 1) return 0;
  const { orderedBy } = KINDS[kind];
  return typeof orderedBy === 'object'
    ? shardOfText(textOf(params[orderedBy.parameter]), shardCount)
    : shardOf(userId ?? id, shardCount);
}

/**
 * Sends a command that is about an order to that order's shard, which its row knows. A look by primary key, for such commands alone,
 * and only where there is more than one shard: nothing has to be awaited for any other. What is retried goes where it was before.
 */
export function followOrder(pool: pg.Pool, command: Command, shardCount: number): Promise<void> | undefined {
  const isAboutOrder = KINDS[command.kind as KindName].orderedBy === 'order';
  return isAboutOrder && shardCount > 1 && command.retryOf === null ? moveToOrder(pool, command) : undefined;
}

async function moveToOrder(pool: pg.Pool, command: Command): Promise<void> {
  const orderId = parseId('order', textOf(command.params['order_id'])) ?? null;
  const { rows } = await pool.query<{ shard: number }>('select shard from orders where id = $1', [orderId]);
  if (rows[0]) command.shard = rows[0].shard;
}

/** Of a command of the system's own the parameters may be anything: it is refused after this. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
