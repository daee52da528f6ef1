import { textArray, uuidArray } from '../../db/arrays.ts';
import type { Statement } from '../../db/transaction.ts';
import { Lookup } from './part.ts';

/** SQL: whether money may go to the user `alias`: enabled, and a person, since nobody withdraws what a service has. */
export function receives(alias: string): string {
  return `${alias}.disabled_at is null and ${alias}.role <> 'service'`;
}

export interface UserRow {
  readonly id: string;
  /** Whether money may go to them. */
  readonly receives: boolean;
}

export const SELECT_USERS: Statement = {
  name: 'desk_users',
  text: `select u.id, ${receives('u')} as receives from users u where u.id = any($1::uuid[])`,
};

/**
 * Users by id (bare UUID): of those who were asked for, the ones who exist. Nothing is locked: that a user exists never changes;
 * where one is disabled while the batch runs, the money came before that.
 */
export class Users extends Lookup<UserRow> {
  constructor() {
    super(async (loader, ids) => {
      const rows = await loader.select<UserRow>(SELECT_USERS, [uuidArray(ids)]);
      return rows.map((row) => [row.id, row]);
    });
  }
}

export const SELECT_HELD_ASSETS: Statement = {
  name: 'desk_held_assets',
  text: 'select distinct a.asset from holds h join accounts a on a.id = h.account_id where h.id = any($1::uuid[])',
};

/**
 * In which assets the holds are that were asked for, each asset once. That never changes: a hold brings its own account along,
 * what it is captured to has to be named.
 */
export class HeldAssets extends Lookup<string> {
  constructor() {
    super(async (loader, holdIds) => {
      const rows = await loader.select<{ asset: string }>(SELECT_HELD_ASSETS, [uuidArray(holdIds)]);
      return rows.map(({ asset }) => [asset, asset]);
    });
  }
}

// The purpose is no parameter: there is an index for this one.
export const SELECT_NOTE_HOLDERS: Statement = {
  name: 'desk_note_holders',
  text: `select asset, owner_id from accounts
where purpose = 'notes' and asset = any($1::text[]) and balance > 0 order by asset, owner_id`,
};

/** Who owns notes of an asset, in the order of their ids. A change of that must lock what the notes are of. */
export class NoteHolders extends Lookup<readonly string[]> {
  constructor() {
    super(async (loader, assets) => {
      const holders = new Map(assets.map((asset) => [asset, [] as string[]]));
      const rows = await loader.select<{ asset: string; owner_id: string }>(SELECT_NOTE_HOLDERS, [textArray(assets)]);
      for (const { asset, owner_id } of rows) holders.get(asset)?.push(owner_id);
      return holders;
    });
  }
}
