import type pg from 'pg';
import { type Caller, seesAll } from '../core/caller.ts';
import { parseId } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';

/** Id → what it is called: a loan's purpose, a user's name; a merchant's handle → its name. */
export type Names = Record<string, string>;

const NAMES = `
select 'loan_' || id as id, purpose as name from loans where id = any($1::uuid[])
union all
select 'usr_' || id, name from users where id = any($2::uuid[])
union all
select handle, name from merchants where handle = any($3::text[])`;

interface NameRow {
  id: string;
  name: string;
}

/** Tells a handle from other words. */
const HANDLE = 'merchant:';

/** A field that holds a merchant's handle, for `withNames`. */
export function handleIn(value: unknown): string | undefined {
  return typeof value === 'string' ? HANDLE + value.toLowerCase() : undefined;
}

/**
 * Adds to each record what the ids in it are called, with one reading for all of them. Of what `idsOf` gives, only ids of
 * loans and users count, and what `handleIn` gives. The code that asks sees to it that the caller may know these names.
 */
export async function withNames<Row extends object>(
  pool: pg.Pool,
  rows: readonly Row[],
  idsOf: (row: Row) => readonly unknown[],
): Promise<(Row & { names: Names })[]> {
  const texts = rows.map((row) => idsOf(row).filter((value) => typeof value === 'string'));
  const uuids = (kind: 'loan' | 'user'): string[] => [
    ...new Set(texts.flat().flatMap((text) => parseId(kind, text) ?? [])),
  ];
  const [loans, users] = [uuids('loan'), uuids('user')];
  const handles = [...new Set(texts.flat().filter((text) => text.startsWith(HANDLE)))].map(bare);
  const known = new Map<string, string>();
  if (loans.length + users.length + handles.length > 0) {
    const found = await pool.query<NameRow>(NAMES, [loans, users, handles]);
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

const bare = (text: string): string => (text.startsWith(HANDLE) ? text.slice(HANDLE.length) : text);

/** The id of the loan whose notes an asset is. */
export function loanOfAsset(asset: string): string | undefined {
  return asset.startsWith('loan:') ? `loan_${asset.slice('loan:'.length)}` : undefined;
}

interface NamedOrder {
  status: string;
  user_id: string | null;
  params: JsonObject;
  result: JsonObject;
}

/**
 * The ids in an order whose names the caller may know: loans are everybody's; other users are known by name to those who have
 * sent them money, so that nobody finds out names by orders that move nothing; operators know all.
 */
export function nameableIn(caller: Caller, { status, user_id, params, result }: NamedOrder): unknown[] {
  const ids = [...Object.values(params), ...Object.values(result), handleIn(params['merchant'])];
  if (seesAll(caller)) return [user_id, ...ids];
  return status === 'completed' ? ids : ids.filter((id) => typeof id === 'string' && !id.startsWith('usr_'));
}
