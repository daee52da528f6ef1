import type { OrderExplanationView } from '@millrace/contract';
import type pg from 'pg';
import { type Errand, ERRANDS_CONSUMER } from '../../desks/errand.ts';
import type { StoredEvent } from '../../events/event.ts';
import { INDEX_CONSUMER } from '../positions.ts';

type Told = OrderExplanationView['told'][number];

/** What push remembers of an event: see `Push.handed`. */
export type HandedOf = (shard: number, seq: number) => { atMs: number | null; owner: number; all: number } | undefined;

interface ConsumerRow {
  name: string;
  shard: number;
  event_seq: bigint;
  moved_at: Date | null;
}

const CONSUMERS = `
select name, shard, event_seq, moved_at from consumers where name = any ($1::text[]) and shard = any ($2::smallint[])`;

/** A durable reader of the log: what it is told for, and the events that concern it (null: all). */
interface Reader {
  name: string;
  does: string;
  types: readonly StoredEvent['type'][] | null;
}
const INDEX: Reader = { name: INDEX_CONSUMER, does: 'lists, statements and counts', types: null };

/** The errand that the order is on, where it is on any. */
function readersOf(events: readonly StoredEvent[], errands: readonly Errand[]): Reader[] {
  const errand = errands.find(({ startedBy }) => events.some(({ type }) => startedBy.includes(type)));
  return errand ? [INDEX, { name: ERRANDS_CONSUMER, does: errand.does, types: errand.startedBy }] : [INDEX];
}

/** Who was told of an order's events. `everybodys`: whether to count the connections of others than the owner too. */
export async function readRecipients(
  pool: pg.Pool,
  events: readonly StoredEvent[],
  { handed, errands, everybodys }: { handed: HandedOf; errands: readonly Errand[]; everybodys: boolean },
): Promise<Told[]> {
  const last = events.at(-1);
  if (!last) return [];
  const shards = [...new Set(events.map(({ shard }) => shard))];
  const { rows } = await pool.query<ConsumerRow>(CONSUMERS, [[INDEX.name, ERRANDS_CONSUMER], shards]);
  const told: Told[] = [];
  for (const { name, does, types } of readersOf(events, errands)) {
    const event = events.findLast(({ type }) => types === null || types.includes(type));
    if (!event) continue;
    const row = rows.find((one) => one.name === name && one.shard === event.shard);
    told.push(readerTold(name, does, event, row));
  }
  return [...told, pushTold(handed(last.shard, last.seq), everybodys)];
}

function readerTold(name: string, does: string, event: StoredEvent, row: ConsumerRow | undefined): Told {
  const stands = Number(row?.event_seq ?? 0);
  if (stands < event.seq)
    return { consumer: name, state: 'behind', at: null, detail: `${does}; stands at ${event.shard}-${stands}` };
  // Only the time of its last step is kept: of an event that lies further back it is not known any more.
  const at = stands === event.seq ? (row?.moved_at?.toISOString() ?? null) : null;
  const since = row?.moved_at ? ` since ${row.moved_at.toISOString()}` : '';
  return { consumer: name, state: 'told', at, detail: `${does}; stands at ${event.shard}-${stands}${since}` };
}

function pushTold(handed: ReturnType<HandedOf>, everybodys: boolean): Told {
  const base = { consumer: 'push', at: null };
  if (!handed) return { ...base, state: 'unknown', detail: 'It is not kept any more who was connected then.' };
  const count = everybodys ? handed.all : handed.owner;
  if (count === 0 || handed.atMs === null)
    return {
      ...base,
      state: 'nobody',
      detail: 'handed to no live subscription; a reader that resumes by cursor gets it',
    };
  const at = new Date(handed.atMs).toISOString();
  return { ...base, at, state: 'told', detail: `handed to ${count} live subscription${count === 1 ? '' : 's'}` };
}
