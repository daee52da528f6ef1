import type { ApiKey, Scope } from '@millrace/contract';
import { formatId } from '../../core/ids.ts';

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
