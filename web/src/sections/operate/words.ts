import { thingOf } from '../../things/index.ts';

/** The beginning of an id, by which people tell ids apart: the last part of a UUID is the random one. */
export function shortId(id: string): string {
  const [prefix, uuid] = id.split('_');
  return uuid === undefined ? id : `${prefix}_…${uuid.slice(-8)}`;
}

/** The page that shows what an id names; undefined where there is none. */
export function pageOf(id: string): string | undefined {
  const [prefix] = id.split('_');
  if (prefix === 'usr') return `/operate/users/${id}`;
  if (prefix === 'ord') return `/orders/${id}`;
  if (prefix === 'acc') return `/operate/ledger/${id}`;
  return thingOf(id)?.path(id);
}
