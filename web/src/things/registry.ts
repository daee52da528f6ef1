import type { IdKind } from '@millrace/contract';
import { ID_PREFIXES } from '@millrace/contract/vocabulary';
import type { Icon } from '@tabler/icons-react';
import type { Role } from '../session/index.ts';
import { createNameReader, type ReadNames } from './name-reader.ts';

/** What a section says of things that have ids and names: any page can name one without knowing what it is. */
export interface Thing {
  kind: IdKind;
  /** As in "Loan: …"; small, as in "the loan". */
  label: string;
  /** Above several that were found. */
  plural: string;
  icon: Icon;
  /** What they are called, by id. */
  readNames: ReadNames;
}

/** A page that shows what ids of a kind name: its address has one parameter, the id. */
interface PageOfKind {
  path: string;
  audience: 'everybody' | 'visitors' | readonly Role[];
  shows?: IdKind;
}

type KnownThing = Thing & { nameOf: (id: string) => Promise<string | null> };
const byPrefix = new Map<string, KnownThing>();
const pagesByPrefix = new Map<string, PageOfKind[]>();

/** Called by the shell, with what its sections say. */
export function knowThings(things: readonly Thing[]): void {
  for (const thing of things)
    byPrefix.set(ID_PREFIXES[thing.kind], { ...thing, nameOf: createNameReader(thing.readNames) });
}

/** Called by the shell, with the pages of its sections. */
export function knowPages(pages: readonly PageOfKind[]): void {
  for (const page of pages) {
    if (page.shows === undefined) continue;
    const prefix = ID_PREFIXES[page.shows];
    pagesByPrefix.set(prefix, [...(pagesByPrefix.get(prefix) ?? []), page]);
  }
}

export const allThings = (): readonly Thing[] => [...byPrefix.values()];

const prefixOf = (id: string): string => id.slice(0, id.indexOf('_'));

/** What the id names; undefined where it is no such thing's. */
export function thingOf(id: unknown): KnownThing | undefined {
  return typeof id === 'string' ? byPrefix.get(prefixOf(id)) : undefined;
}

/** The page that shows to people of this role what an id names; undefined where there is none. */
export function pageOf(id: string, role: Role | undefined): string | undefined {
  const isSeen = ({ audience }: PageOfKind): boolean =>
    audience === 'everybody' || (role !== undefined && audience !== 'visitors' && audience.includes(role));
  return pagesByPrefix
    .get(prefixOf(id))
    ?.find(isSeen)
    ?.path.replace(/\$\w+/, () => id);
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
