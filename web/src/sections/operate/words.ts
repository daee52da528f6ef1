import { pageOf as pageFor } from '../../things/index.ts';

/** The beginning of an id, by which people tell ids apart: the last part of a UUID is the random one. */
export function shortId(id: string): string {
  const [prefix, uuid] = id.split('_');
  return uuid === undefined ? id : `${prefix}_…${uuid.slice(-8)}`;
}

/** The page that shows what an id names; undefined where there is none. */
export const pageOf = (id: string): string | undefined => pageFor(id, 'operator');
