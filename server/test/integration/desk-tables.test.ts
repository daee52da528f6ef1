import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from '../../src/core/ids.ts';
import { connectPipelined, createPool } from '../../src/db/pool.ts';
import { beginTransaction } from '../../src/db/transaction.ts';
import type { Loader } from '../../src/desks/desk.ts';
import { column, declaredTables, defineTable, RowGroups, type RowOf, RowSet } from '../../src/desks/kit/index.ts';
import { readGroups, readRows, writeRows } from '../../src/desks/kit/row-set.ts';
// All desks that there are, and so all their tables.
import '../../src/desks/index.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

const things = defineTable({
  name: 'things',
  key: ['id'],
  columns: {
    id: column.uuid(),
    anyText: column.text().mutable(),
    kind: column.word<'old' | 'new'>().mutable(),
    count: column.integer().nullable().mutable(),
    small: column.smallint(),
    amount: column.bigint().nullable().mutable(),
    rate: column.decimal(),
    isOn: column.boolean().nullable().mutable(),
    day: column.date().nullable().mutable(),
    madeAt: column.time(),
    doneAt: column.time().nullable().mutable(),
    data: column.json<{ a: number }>().nullable().mutable(),
    scale: column.scaleOfAsset('any_text'),
  },
});
const parts = defineTable({
  name: 'parts',
  key: ['thingId', 'number'],
  group: 'thingId',
  lock: 'none',
  columns: { thingId: column.uuid(), number: column.integer(), amount: column.bigint().mutable() },
});
type Thing = RowOf<typeof things>;
const FULL: Thing = {
  id: uuidv7(),
  anyText: 'USD',
  kind: 'new',
  count: -1,
  small: 7,
  amount: 2n ** 63n - 1n,
  rate: '0.125000',
  isOn: false,
  day: '2026-02-28',
  madeAt: Date.UTC(2026, 1, 28, 12, 30, 15, 123),
  doneAt: Date.UTC(1999, 11, 31, 23, 59, 59, 999),
  data: { a: 1 },
  scale: 2,
};
const EMPTY: Thing = {
  ...FULL,
  id: uuidv7(),
  anyText: 'a "quoted", {braced}\\ NULL',
  count: null,
  amount: null,
  isOn: null,
  day: null,
  doneAt: null,
  data: null,
};
const ALL = [FULL.id, EMPTY.id];

let database: TestDatabase;
let pool: pg.Pool;
let client: pg.Client;
beforeAll(async () => {
  database = await createDatabase();
  pool = createPool(database.connection);
  client = await connectPipelined(database.connection, 'test');
  await pool.query(
    "insert into assets (code, scale, name, class) values ('USD', 2, 'Dollars', 'currency') on conflict do nothing",
  );
  await pool.query(`create table things (id uuid primary key, any_text text not null, kind text not null, count integer,
    small smallint not null, amount bigint, rate numeric(9, 6) not null, is_on boolean, day date, made_at timestamptz not null,
    done_at timestamptz, data json, search text generated always as (lower(any_text)) stored)`);
  await pool.query(`create table parts (thing_id uuid not null, number integer not null, amount bigint not null,
    primary key (thing_id, number))`);
});
afterAll(async () => {
  await client.end();
  await pool.end();
  await database.drop();
});

async function inTransaction<T>(work: (loader: Loader, rows: (rows: object) => void) => Promise<T>): Promise<T> {
  const tx = beginTransaction(client);
  const loader: Loader = { forUpdate: tx.forUpdate, select: tx.select, lockEarly: () => undefined };
  const result = await work(loader, (rows) => writeRows(tx, rows));
  await tx.commit();
  return result;
}
const stored = (): Promise<Thing[]> => inTransaction((loader) => readRows(loader, things, ALL));

describe('what a declaration says', () => {
  test.each(declaredTables().map((table) => [table.name, table] as const))(
    'is what the schema has: %s',
    async (_, table) => {
      const { rows } = await pool.query<{ name: string; type: string; nullable: boolean }>(
        `select attname as name, format_type(atttypid, null) as type, not attnotnull as nullable from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attname`,
        [table.name],
      );
      const declared = table.inserted.map(({ name, column: { type, isNullable } }) => ({
        name,
        type,
        nullable: isNullable,
      }));
      expect(declared.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(rows);
      const primary = await pool.query<{ key: string[] }>(
        `select array(select a.attname::text from unnest(i.indkey) with ordinality as k (attnum, n)
         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum order by k.n) as key
       from pg_index i where i.indrelid = $1::regclass and i.indisprimary`,
        [table.name],
      );
      expect(table.deleted.map(({ name }) => name)).toEqual(primary.rows[0]?.key);
    },
  );

  test('is of all desks', () => {
    expect(declaredTables().map(({ name }) => name)).toEqual(expect.arrayContaining(['loans', 'pending_withdrawals']));
  });

  test('is refused where it makes no sense', () => {
    const { uuid, bigint } = column;
    expect(() => defineTable({ name: 'things', key: ['id'], columns: { id: uuid() } })).toThrow('declared already');
    expect(() => defineTable({ name: 'x', key: ['id'], columns: { id: uuid().mutable() } })).toThrow('never changes');
    expect(() => defineTable({ name: 'y', key: ['a', 'b'], columns: { a: uuid(), b: bigint() } })).toThrow('apart');
  });
});

describe('rows of a declared table', () => {
  test('are in the database what they were in memory, and are again when they are read', async () => {
    const set = new RowSet(things);
    set.add(FULL);
    set.add(EMPTY);
    await inTransaction(async (_loader, write) => write({ set }));
    // The scale is that of the asset whose code the text is: nobody's for the second.
    expect(await stored()).toEqual([FULL, { ...EMPTY, scale: null }]);
  });

  test('change in what may change, and in nothing else', async () => {
    await inTransaction(async (loader, write) => {
      const set = new RowSet(things).know(await readRows(loader, things, ALL));
      const row = set.change(FULL.id);
      row.amount = 1n;
      row.doneAt = null;
      row.data = { a: 2 };
      // @ts-expect-error: no `mutable()` stands behind it.
      row.small = 8;
      // @ts-expect-error: a decision changes nothing.
      set.must(EMPTY.id).kind = 'old';
      write({ set });
    });
    const [full, empty] = await stored();
    expect(full).toEqual({ ...FULL, amount: 1n, doneAt: null, data: { a: 2 } });
    expect(empty).toMatchObject({ kind: 'new' });
  });

  test('are locked in the order of their keys, and in a preview not at all', async () => {
    const isLocked = async (): Promise<boolean> => {
      const { rows } = await pool.query('select from things where id = $1 for update skip locked', [FULL.id]);
      return rows.length === 0;
    };
    await inTransaction(async (loader) => {
      expect((await readRows(loader, things, ALL.toReversed())).map(({ id }) => id)).toEqual(ALL.toSorted());
      expect(await isLocked()).toBe(true);
    });
    await inTransaction(async (loader) => {
      await readRows({ ...loader, forUpdate: '' }, things, ALL);
      expect(await isLocked()).toBe(false);
    });
  });

  test('that come and go in one batch were never there; what goes and comes back is there', async () => {
    await inTransaction(async (loader, write) => {
      const set = new RowSet(things).know(await readRows(loader, things, [FULL.id]));
      const passing = { ...EMPTY, id: uuidv7() };
      set.add(passing);
      set.change(passing.id).count = 5;
      set.remove(passing);
      expect([set.added.size, set.changed.size, set.removed.size]).toEqual([0, 0, 0]);
      set.change(FULL.id).count = 5;
      set.remove(FULL);
      set.add({ ...FULL, kind: 'old' });
      // One that was not read is known well enough by its key.
      set.remove(EMPTY);
      expect(() => set.must(EMPTY.id)).toThrow('was not read');
      write({ set });
    });
    expect(await stored()).toEqual([{ ...FULL, kind: 'old' }]);
  });

  test('are held by group, of which it is known whether it is whole', async () => {
    const [one, two] = ALL as [string, string];
    const row = (thingId: string, number: number) => ({ thingId, number, amount: BigInt(number) });
    await inTransaction(async (_loader, write) => {
      const set = new RowGroups(parts).knowAll([one]);
      for (const number of [3, 1, 2]) set.add(row(one, number));
      set.add(row(two, 1));
      expect(() => set.all(two)).toThrow('not all parts of');
      expect(() => set.add(row(one, 3))).toThrow('already');
      write({ set });
    });
    await inTransaction(async (loader, write) => {
      const set = new RowGroups(parts).know(
        await readRows(loader, parts, [
          [one, 2],
          [two, 7],
        ]),
      );
      set.change(one, 2).amount = 20n;
      expect(set.isWhole(one)).toBe(false);
      // What was changed since it was read stays, whatever is read after it.
      set.knowAll([one], await readGroups(loader, parts, [one]));
      expect([...set.all(one)].map(([number, { amount }]) => [number, amount])).toContainEqual([2, 20n]);
      set.remove(row(one, 3));
      set.remove(row(two, 1));
      write({ set });
    });
    const rows = await inTransaction((loader) => readGroups(loader, parts, ALL));
    expect(rows).toEqual([row(one, 1), { ...row(one, 2), amount: 20n }]);
  });
});
