import { textArray, uuidArray } from '../../db/arrays.ts';
import type { Statement } from '../../db/transaction.ts';
import type { Loader } from '../desk.ts';

/** SQL: whether money may go to the user `alias`: enabled, and a person, since nobody withdraws what a service has. */
export function receives(alias: string): string {
  return `${alias}.disabled_at is null and ${alias}.role <> 'service'`;
}

export interface UserRow {
  readonly id: string;
  /** Whether money may go to them. */
  readonly receives: boolean;
}

/** Users by id (bare UUID): of those who were asked for, the ones who exist. */
export type Users = ReadonlyMap<string, UserRow>;

export const SELECT_USERS: Statement = {
  name: 'desk_users',
  text: `select u.id, ${receives('u')} as receives from users u where u.id = any($1::uuid[])`,
};

/** Locks nothing: that a user exists never changes; where one is disabled while the batch runs, the money came before that. */
export async function readUsers(loader: Loader, ids: ReadonlySet<string>): Promise<Users> {
  if (ids.size === 0) return new Map();
  const rows = await loader.select<UserRow>(SELECT_USERS, [uuidArray([...ids])]);
  return new Map(rows.map((row) => [row.id, row]));
}

export const SELECT_HELD_ASSETS: Statement = {
  name: 'desk_held_assets',
  text: 'select distinct a.asset from holds h join accounts a on a.id = h.account_id where h.id = any($1::uuid[])',
};

/** In which assets these holds are, which never changes: a hold brings its own account along, what it is captured to has to be named. */
export async function readHeldAssets(loader: Loader, holdIds: readonly string[]): Promise<string[]> {
  if (holdIds.length === 0) return [];
  const rows = await loader.select<{ asset: string }>(SELECT_HELD_ASSETS, [uuidArray(holdIds)]);
  return rows.map(({ asset }) => asset);
}

// The purpose is no parameter: there is an index for this one.
export const SELECT_NOTE_HOLDERS: Statement = {
  name: 'desk_note_holders',
  text: `select asset, owner_id from accounts
where purpose = 'notes' and asset = any($1::text[]) and balance > 0 order by asset, owner_id`,
};

/** Who owns notes of these assets, in the order of their ids. A change of that must lock what the notes are of. */
export async function readNoteHolders(loader: Loader, assets: readonly string[]): Promise<Map<string, string[]>> {
  const holders = new Map(assets.map((asset) => [asset, [] as string[]]));
  if (assets.length === 0) return holders;
  const rows = await loader.select<{ asset: string; owner_id: string }>(SELECT_NOTE_HOLDERS, [textArray(assets)]);
  for (const { asset, owner_id } of rows) holders.get(asset)?.push(owner_id);
  return holders;
}
