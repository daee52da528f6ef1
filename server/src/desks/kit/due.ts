import { ID_PREFIXES, type IdKind, type KindName, type OverdueName } from '@millrace/contract';
import type pg from 'pg';
import { addDays, dateOf } from '../../core/clock.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Overdue } from '../desk.ts';
import type { DueCommand, DueSource } from '../module.ts';
import type { AnyTable, RowOf, StoredColumn } from './table.ts';

const DAY_MS = 86_400_000;
/** The scheduler looks once a minute: what it has not done after five times is not on its way. */
const GRACE_MS = 5 * 60_000;

/** Rows that time makes due, in one condition: from it follow the commands, how many they are, and what is overdue. */
export interface DueRows<T extends AnyTable> {
  /** The command that is submitted for each row. */
  kind: KindName;
  table: T;
  /** SQL: what has to be so beside the time. With `by` and the key it has an index. */
  where: string;
  /** The field that says when: a time, or a date, from whose beginning (UTC) it is due. */
  by: keyof RowOf<T> & string;
  /** So many days later. Default 0. */
  days?: number;
  /**
   * What the command acts for, once: the day is added to it. There is one attempt a day, so that one that a rule turned down, since
   * something happened between this answer and the decision, does not use up the name that a later, rightful attempt needs.
   */
  name(row: RowOf<T>): string;
  params(row: RowOf<T>): JsonObject;
  /** About how many rows it changes. Default 1. */
  weight?(row: RowOf<T>): number;
  /** What is said of those that were due a while ago: `subject` is a kind of id, `detail` SQL. */
  overdue: { name: OverdueName; subject: IdKind; detail: string };
}

/** What time makes due at a desk. */
export interface Due {
  overdue: readonly Overdue[];
  source(pool: pg.Pool): DueSource;
}

interface Stage {
  read(pool: pg.Pool, at: number, after: Place, limit: number): Promise<DueCommand[]>;
  count(pool: pg.Pool, at: number, limit: number): Promise<number>;
  overdue: Overdue;
}

/** Where a row stands among those of its stage. */
interface Place {
  at: string;
  key: string;
}

const FIRST: Place = { at: '-infinity', key: '00000000-0000-0000-0000-000000000000' };

/** One stage of `dueOf`. Its rows have a UUID as their key. @throws TypeError where `by` is no time and no date. */
export function dueRows<T extends AnyTable>(rows: DueRows<T>): (index: number) => Stage {
  const { kind, table, where, days = 0 } = rows;
  const by = storedAs(table, rows.by);
  const key = storedAs(table, table.key[0] as string).name;
  const type = DUE_TYPES.get(by.column.type);
  if (!type) throw new TypeError(`${table.name}.${rows.by} is neither a time nor a date`);
  const isDate = type === 'date';
  const until = (at: number): string =>
    isDate ? addDays(dateOf(at), -days) : new Date(at - days * DAY_MS).toISOString();
  const condition = `(${where}) and ${by.name} <= $1::${type}`;
  const select = `select ${table.columnsOf('t')}, t.${by.name}::text as due_at, t.${key} as due_key from ${table.name} t
where ${condition} and (t.${by.name}, t.${key}) > ($2::${type}, $3::uuid) order by t.${by.name}, t.${key} limit $4::integer`;
  const count = `select count(*)::integer as count from (select from ${table.name} where ${condition} limit $2::integer) as due`;
  const since = isDate
    ? `(${by.name} + ${days})::timestamp at time zone 'UTC'`
    : `${by.name} + interval '${days} days'`;
  const { name, subject, detail } = rows.overdue;
  const overdue: Overdue = {
    name,
    doneBy: 'scheduler',
    kind,
    graceMs: GRACE_MS,
    until,
    sql: `select '${ID_PREFIXES[subject]}_' || ${key} as subject, ${since} as since, ${detail} as detail
from ${table.name} where ${condition} order by ${by.name}, ${key}`,
  };
  return (index) => ({
    overdue,
    async read(pool, at, after, limit) {
      const values = [until(at), after.at, after.key, limit];
      const found = await pool.query<{ due_at: string; due_key: string }>(select, values);
      return found.rows.map((record): DueCommand => {
        const place = `${index}/${record.due_at}/${record.due_key}`;
        const row = table.rowOf(record) as RowOf<T>;
        const named = `${rows.name(row)}/${dateOf(at)}`;
        return { kind, name: named, params: rows.params(row), weight: rows.weight?.(row) ?? 1, place };
      });
    },
    async count(pool, at, limit) {
      const found = await pool.query<{ count: number }>(count, [until(at), limit]);
      return found.rows[0]?.count ?? 0;
    },
  });
}

const DUE_TYPES: ReadonlyMap<string, 'date' | 'timestamptz'> = new Map([
  ['date', 'date'],
  ['timestamp with time zone', 'timestamptz'],
]);

function storedAs({ name, columns }: AnyTable, field: string): StoredColumn {
  const found = columns.find((column) => column.field === field);
  if (!found) throw new TypeError(`${name} has no field ${field}`);
  return found;
}

/**
 * A desk's work that time brings, stage by stage, each in the order of its times. A run that is repeated changes nothing, and one that
 * was missed is made up for by the next.
 */
export function dueOf(...rows: readonly ReturnType<typeof dueRows>[]): Due {
  const stages = rows.map((stage, index) => stage(index));
  return {
    overdue: stages.map(({ overdue }) => overdue),
    source: (pool) => ({
      async due(at, limit, after) {
        const [index, place] = placeIn(after);
        const due: DueCommand[] = [];
        for (const [position, stage] of stages.entries()) {
          if (position < index) continue;
          const from = position === index ? place : FIRST;
          due.push(...(await stage.read(pool, at, from, limit - due.length)));
          if (due.length >= limit) break;
        }
        return due;
      },
      async count(at, limit) {
        let count = 0;
        for (const stage of stages) count += await stage.count(pool, at, limit - count);
        return count;
      },
    }),
  };
}

function placeIn(after: string | undefined): [index: number, place: Place] {
  if (after === undefined) return [0, FIRST];
  const [index, at, key] = after.split('/') as [string, string, string];
  return [Number(index), { at, key }];
}
