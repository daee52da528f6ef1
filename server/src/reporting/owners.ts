import { isUuid, parseId } from '../core/ids.ts';
import { INSTALLATION, MERCHANT, type OwnerKind, SYSTEM_OWNER } from '../ledger/index.ts';

export { ownerName } from '../ledger/index.ts';

export interface Owner {
  kind: OwnerKind;
  /** A bare UUID. */
  id: string;
}

/** Whom such a name names; undefined where it is none. */
export function parseOwner(name: string): Owner | undefined {
  if (name === INSTALLATION) return { kind: 'installation', id: SYSTEM_OWNER };
  if (name.startsWith(MERCHANT)) {
    const id = name.slice(MERCHANT.length);
    return isUuid(id) ? { kind: 'merchant', id } : undefined;
  }
  for (const kind of ['user', 'loan'] as const) {
    const id = parseId(kind, name);
    if (id !== undefined) return { kind, id };
  }
  return undefined;
}
