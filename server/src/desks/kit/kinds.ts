import type { DESKS, IdKind, KindName, ParamsOf } from '@millrace/contract';
import { parseId } from '../../core/ids.ts';
import type { Command } from '../desk.ts';

type Contracts = (typeof DESKS)[number];

/** The kinds that a desk has in the contract. */
export type KindOfDesk<Name extends Contracts['name']> = keyof Extract<Contracts, { name: Name }>['kinds'] & KindName;

/** A command with the parameters that its kind's schema has admitted. */
export type CommandOf<Name extends KindName> = Command<ParamsOf<Name>>;

/** Whose money an order moves. Intake never admits such an order without a user: one would be our own mistake. */
export function ownerOf({ userId, kind, id }: Command | CommandOf<KindName>): string {
  if (userId === null) throw new TypeError(`${kind} ${id} has no user`);
  return userId;
}

/** The UUID of a public id that a schema has admitted. */
export function uuidIn(kind: IdKind, id: string): string {
  const uuid = parseId(kind, id);
  if (uuid === undefined) throw new TypeError(`${id} is no id of a ${kind}`);
  return uuid;
}
