import type { ApiKey, Role, Scope, User } from '@millrace/contract';
import type pg from 'pg';
import { formatId } from '../../core/ids.ts';

/** A pool, or the client that a transaction runs on. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/** A user as the database holds it. */
export interface UserRow {
  id: string;
  email: string;
  name: string;
  role: Role;
  password_hash: string | null;
  demo: boolean;
  created_at: Date;
  disabled_at: Date | null;
}

export const USER_COLUMNS = 'id, email, name, role, password_hash, demo, created_at, disabled_at';

/** A user as its owner sees it. */
export function viewOfUser(row: UserRow): User {
  return {
    id: formatId('user', row.id),
    email: row.email,
    name: row.name,
    role: row.role,
    created_at: row.created_at.toISOString(),
  };
}

/** Whether the user may not come in: disabled, or made for a demonstration where those are refused. */
export function isDisabled(row: { demo: boolean; disabled_at: Date | null }, refuseDemoUsers: boolean): boolean {
  return row.disabled_at !== null || (row.demo && refuseDemoUsers);
}

export const KEY_COLUMNS = 'id, name, hint, scopes, created_at, expires_at, last_used_at';

export interface KeyRow {
  id: string;
  name: string;
  hint: string;
  scopes: Scope[];
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
}

/** A key without its secret. */
export function viewOfKey(row: KeyRow): ApiKey {
  return {
    id: formatId('key', row.id),
    name: row.name,
    hint: row.hint,
    scopes: row.scopes,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    last_used_at: row.last_used_at?.toISOString() ?? null,
  };
}
