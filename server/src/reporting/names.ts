import { ID_PREFIXES } from '@millrace/contract';
import type pg from 'pg';
import { type Caller, seesAll } from '../core/caller.ts';
import { formatId, parseId } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { DESKS } from '../desks/index.ts';
import type { DeskModule, NamedThings } from '../desks/module.ts';

/** Id → what it is called: a user's name, a loan's purpose; a handle → the name of what it stands for. */
export type Names = Record<string, string>;

const USERS: NamedThings = { id: 'user', sql: 'select id, name from users where id = any($1::uuid[])' };
/** Of the desks: everybody may know what these are called. */
const THINGS: readonly NamedThings[] = DESKS.flatMap(({ named }: DeskModule) => named ?? []);
const ALL: readonly NamedThings[] = [USERS, ...THINGS];

const NAMES = ALL.map(
  ({ id, sql }, index) =>
    `select ${id ? `'${ID_PREFIXES[id]}_' || t.id` : 't.id'} as id, t.name from (${sql.replaceAll('$1', `$${index + 1}`)}) as t`,
).join('\nunion all\n');

interface NameRow {
  id: string;
  name: string;
}

/** Before a value that is no id, where it stands among ids: which field it is from. */
const MARK = '\u0000';

/** The fields that name something of a desk otherwise than by its id, for `withNames`. */
export function handlesIn(fields: Readonly<Record<string, unknown>>): string[] {
  return THINGS.flatMap(({ field }) => {
    const value = field === undefined ? undefined : fields[field];
    return typeof value === 'string' ? [field + MARK + value.toLowerCase()] : [];
  });
}

/** The ids of things of desks among values. */
export function thingsIn(values: readonly unknown[]): string[] {
  const kinds = THINGS.flatMap(({ id }) => id ?? []);
  return values.filter(
    (value): value is string => typeof value === 'string' && kinds.some((kind) => parseId(kind, value) !== undefined),
  );
}

/**
 * Adds to each record what the ids in it are called, with one reading for all of them. Of what `idsOf` gives, only ids of
 * users and of the desks' things count, and what `handlesIn` gives. The code that asks sees to it that the caller may know these
 * names.
 */
export async function withNames<Row extends object>(
  pool: pg.Pool,
  rows: readonly Row[],
  idsOf: (row: Row) => readonly unknown[],
): Promise<(Row & { names: Names })[]> {
  const texts = rows.map((row) => idsOf(row).filter((value) => typeof value === 'string'));
  const all = new Set(texts.flat());
  const asked = ALL.map(({ id, field }) =>
    [...all].flatMap((text) => {
      if (id) return parseId(id, text) ?? [];
      return text.startsWith(field + MARK) ? [bare(text)] : [];
    }),
  );
  const known = new Map<string, string>();
  if (asked.some((each) => each.length > 0)) {
    const found = await pool.query<NameRow>(NAMES, asked);
    for (const { id, name } of found.rows) known.set(id, name);
  }
  return rows.map((row, index) => {
    const own = (texts[index] ?? []).map(bare).flatMap((id) => {
      const name = known.get(id);
      return name === undefined ? [] : [[id, name] as const];
    });
    return { ...row, names: Object.fromEntries(own) };
  });
}

const bare = (text: string): string => text.slice(text.indexOf(MARK) + 1);

/** The id of the thing that an asset belongs to, such as the loan whose notes it is. */
export function thingOfAsset(asset: string): string | undefined {
  for (const { id, assetPrefix } of THINGS)
    if (id && assetPrefix !== undefined && asset.startsWith(assetPrefix))
      return formatId(id, asset.slice(assetPrefix.length));
  return undefined;
}

interface NamedOrder {
  status: string;
  user_id: string | null;
  params: JsonObject;
  result: JsonObject;
}

/**
 * The ids in an order whose names the caller may know: what desks have is everybody's; other users are known by name to those who have
 * sent them money, so that nobody finds out names by orders that move nothing; operators know all.
 */
export function nameableIn(caller: Caller, { status, user_id, params, result }: NamedOrder): unknown[] {
  const ids = [...Object.values(params), ...Object.values(result), ...handlesIn(params)];
  if (seesAll(caller)) return [user_id, ...ids];
  return status === 'completed' ? ids : ids.filter((id) => typeof id === 'string' && !id.startsWith('usr_'));
}
