import type { Command, Decision, Desk, Loaded, Loader, View, Writer } from '../../src/desks/desk.ts';
import { integerArray, textArray } from '../../src/db/arrays.ts';

/** What the desk remembers of one shard: what waits in its queue, in order. As an order book, it is read from no row by a decision. */
export interface Queue {
  waiting: { place: number; name: string }[];
  nextPlace: number;
}

interface Rows {
  shard: number;
  added: { place: number; name: string }[];
  taken: number[];
}

type Change = { type: 'added'; place: number; name: string } | { type: 'taken'; place: number } | { type: 'broken' };

/** Ways for a command to go wrong: as it is decided, as it is applied, as it is written, and as it is committed. */
export type Fault = 'decide' | 'apply' | 'write' | 'commit';

export const QUEUE_TABLE = `
create table test_queue (shard smallint not null, place bigint not null, name text not null check (name <> 'write'), primary key (shard, place));
create function refuse_commit() returns trigger language plpgsql as $$
begin
  if new.name = 'commit' then raise exception 'refused at the commit' using errcode = 'integrity_constraint_violation'; end if;
  return null;
end $$;
create constraint trigger refuse_commit after insert on test_queue deferrable initially deferred for each row execute function refuse_commit();
create table test_place (shard smallint primary key, next bigint not null);
`;

const READ = {
  name: 'test_queue',
  text: 'select place, name from test_queue where shard = $1::smallint order by place',
};
const READ_PLACE = { name: 'test_place', text: 'select next from test_place where shard = $1::smallint' };
const ADD = {
  name: 'test_queue_add',
  text: 'insert into test_queue select $1::smallint, * from unnest($2::bigint[], $3::text[])',
};
const TAKE = {
  name: 'test_queue_take',
  text: 'delete from test_queue where shard = $1::smallint and place = any ($2::bigint[])',
};
const MOVE = {
  name: 'test_place_move',
  text: 'insert into test_place values ($1::smallint, $2::bigint) on conflict (shard) do update set next = greatest(test_place.next, excluded.next)',
};

export async function readQueue(loader: Pick<Loader, 'select'>, shard: number): Promise<Queue> {
  const rows = await loader.select<{ place: bigint; name: string }>(READ, [shard]);
  const places = await loader.select<{ next: bigint }>(READ_PLACE, [shard]);
  return {
    waiting: rows.map(({ place, name }) => ({ place: Number(place), name })),
    nextPlace: Number(places[0]?.next ?? 1n),
  };
}

/**
 * A desk whose kinds are `deposit` (adds a name to the end of the queue) and `pay` (takes the first). What a decision saw is the
 * order's result.
 */
export class QueueDesk implements Desk<Rows, Change, Queue> {
  readonly name = 'queue';
  readonly kinds = ['deposit', 'pay'];
  /** How often a memory was read from the database. */
  rebuilt = 0;
  /** What the workers remembered when they decided last, by shard. */
  readonly seen = new Map<number, Queue>();
  readonly memory = {
    rebuild: (loader: Pick<Loader, 'select'>, { shard }: { shard: number }): Promise<Queue> => {
      this.rebuilt += 1;
      return readQueue(loader, shard);
    },
  };

  load(_: Loader, commands: readonly Command[]): Promise<Loaded<Rows>> {
    const { shard } = commands[0] as Command;
    return Promise.resolve({ rows: { shard, added: [], taken: [] }, accounts: [], holds: [], orders: [] });
  }

  decide({ kind, params, shard }: Command, { memory }: View<Rows, Queue>): Decision<Change> {
    this.seen.set(shard, memory);
    const { fault, name } = params as { fault?: Fault; name: string };
    if (fault === 'decide') throw new TypeError('decide broke');
    const changes: Change[] = [];
    const [first] = memory.waiting;
    if (kind === 'deposit') {
      const added = fault === 'write' || fault === 'commit' ? fault : name;
      changes.push({ type: 'added', place: memory.nextPlace, name: added });
    } else if (first) changes.push({ type: 'taken', place: first.place });
    if (fault === 'apply') changes.push({ type: 'broken' });
    const result = { before: memory.waiting.map((one) => one.name) };
    return { type: 'decide', status: 'completed', reason: null, result, entries: [], changes, events: [], orders: [] };
  }

  apply(rows: Rows, change: Change, memory: Queue): void {
    switch (change.type) {
      case 'added': {
        const { place, name } = change;
        memory.waiting.push({ place, name });
        memory.nextPlace = place + 1;
        rows.added.push({ place, name });
        return;
      }
      case 'taken':
        memory.waiting.shift();
        rows.taken.push(change.place);
        return;
      case 'broken':
        throw new TypeError('apply broke');
    }
  }

  summarize(): [] {
    return [];
  }

  write(writer: Writer, { shard, added, taken }: Rows): void {
    const last = added.at(-1);
    if (last) {
      writer.write(ADD, [
        shard,
        integerArray(added.map(({ place }) => place)),
        textArray(added.map(({ name }) => name)),
      ]);
      writer.write(MOVE, [shard, last.place + 1]);
    }
    if (taken.length > 0) writer.write(TAKE, [shard, integerArray(taken)]);
  }
}
