import { type OwnerKind, OWNERS_WITH_ID } from '@millrace/contract';
import { parseId } from '../core/ids.ts';
import { INSTALLATION, SYSTEM_OWNER } from '../ledger/index.ts';

export { ownerName } from '../ledger/index.ts';

export interface Owner {
  kind: OwnerKind;
  /** A bare UUID. */
  id: string;
}

/** Whom such a name names; undefined where it is none. */
export function parseOwner(name: string): Owner | undefined {
  if (name === INSTALLATION) return { kind: 'installation', id: SYSTEM_OWNER };
  for (const kind of OWNERS_WITH_ID) {
    const id = parseId(kind, name);
    if (id !== undefined) return { kind, id };
  }
  return undefined;
}
