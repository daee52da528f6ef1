import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeShards, type ShardRows } from './merge.ts';

interface Row {
  shard: number;
  seq: number;
  atMs: number;
}

/** What a reader sees who follows the cursor page by page, with shards that offer at most `limit + 1` rows at a time. */
function readAll(log: ReadonlyMap<number, Row[]>, limit: number, newestFirst: boolean): Row[][] {
  const pages: Row[][] = [];
  let reached = new Map([...log].map(([shard, rows]) => [shard, newestFirst ? rows.length + 1 : 0]));
  for (;;) {
    const shards = new Map<number, ShardRows<Row>>();
    for (const [shard, all] of log) {
      const start = reached.get(shard) as number;
      const ahead = newestFirst ? all.filter((row) => row.seq < start).reverse() : all.filter((row) => row.seq > start);
      shards.set(shard, { rows: ahead.slice(0, limit + 1), start, end: newestFirst ? 0 : all.length, hasMore: false });
    }
    const page = mergeShards(shards, { limit, newestFirst });
    pages.push(page.data);
    reached = page.reached;
    if (!page.hasMore) return pages;
  }
}

const logs = fc
  .array(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 30 }), { minLength: 1, maxLength: 4 })
  .map(
    (shards) =>
      new Map(shards.map((times, shard) => [shard, times.map((atMs, index) => ({ shard, seq: index + 1, atMs }))])),
  );

test('page by page, every row of every shard comes once and in its shard’s order, however the times run', () => {
  fc.assert(
    fc.property(logs, fc.integer({ min: 1, max: 7 }), fc.boolean(), (log, limit, newestFirst) => {
      const pages = readAll(log, limit, newestFirst);
      expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
      for (const [shard, rows] of log) {
        const seen = pages.flat().filter((row) => row.shard === shard);
        expect(seen).toEqual(newestFirst ? [...rows].reverse() : rows);
      }
    }),
  );
});

test('rows of several shards are mixed by time', () => {
  const shards = new Map<number, ShardRows<Row>>([
    [
      0,
      {
        rows: [
          { shard: 0, seq: 1, atMs: 10 },
          { shard: 0, seq: 2, atMs: 30 },
        ],
        start: 0,
        end: 2,
        hasMore: false,
      },
    ],
    [1, { rows: [{ shard: 1, seq: 1, atMs: 20 }], start: 0, end: 1, hasMore: false }],
  ]);
  expect(mergeShards(shards, { limit: 5, newestFirst: false }).data.map((row) => row.atMs)).toEqual([10, 20, 30]);
});

test('a shard that was looked at in part has more, and is left where the look ended', () => {
  const shards = new Map<number, ShardRows<Row>>([[3, { rows: [], start: 10, end: 500, hasMore: true }]]);
  expect(mergeShards(shards, { limit: 5, newestFirst: false })).toEqual({
    data: [],
    hasMore: true,
    reached: new Map([[3, 500]]),
  });
});

test('a shard that was looked at in part holds back what may come after its rest', () => {
  const other = { shard: 0, seq: 1, atMs: 30 };
  const shards = new Map<number, ShardRows<Row>>([
    [0, { rows: [other], start: 0, end: 1, hasMore: false }],
    [1, { rows: [{ shard: 1, seq: 4, atMs: 10 }], start: 0, end: 100, hasMore: true }],
  ]);
  const page = mergeShards(shards, { limit: 5, newestFirst: false });
  expect(page.data.map((row) => row.atMs)).toEqual([10]);
  expect(page).toMatchObject({
    hasMore: true,
    reached: new Map([
      [0, 0],
      [1, 100],
    ]),
  });
});
