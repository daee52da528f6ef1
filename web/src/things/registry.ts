import type { IdKind } from '@millrace/contract';
import { ID_PREFIXES } from '@millrace/contract/vocabulary';
import type { Icon } from '@tabler/icons-react';
import { createNameReader, type ReadNames } from './name-reader.ts';

/** What a section says of things that have ids, names and a page: any page can show one without knowing what it is. */
export interface Thing {
  kind: IdKind;
  /** As in "Loan: …"; small, as in "the loan". */
  label: string;
  /** Above several that were found. */
  plural: string;
  icon: Icon;
  path: (id: string) => string;
  /** What they are called, by id. */
  readNames: ReadNames;
}

type KnownThing = Thing & { nameOf: (id: string) => Promise<string | null> };
const byPrefix = new Map<string, KnownThing>();

/** Called by the shell, with what its sections say. */
export function knowThings(things: readonly Thing[]): void {
  for (const thing of things)
    byPrefix.set(ID_PREFIXES[thing.kind], { ...thing, nameOf: createNameReader(thing.readNames) });
}

export const allThings = (): readonly Thing[] => [...byPrefix.values()];

/** What the id names; undefined where it is no such thing's. */
export function thingOf(id: unknown): KnownThing | undefined {
  return typeof id === 'string' ? byPrefix.get(id.slice(0, id.indexOf('_'))) : undefined;
}

export interface NamedThing {
  id: string;
  /** What it is called, where that was told. */
  name?: string | undefined;
}

/** The first thing that is named in fields, such as those of an order; undefined where they name none. */
export function thingIn(fields: object, names: Readonly<Record<string, string>> | undefined): NamedThing | undefined {
  const id: unknown = Object.values(fields).find((value) => thingOf(value) !== undefined);
  return typeof id === 'string' ? { id, name: names?.[id] } : undefined;
}
