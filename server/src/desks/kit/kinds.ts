import type { DESKS, IdKind, KindName, ParamsOf } from '@millrace/contract';
import { parseId } from '../../core/ids.ts';
import type { Command } from '../desk.ts';

type Contracts = (typeof DESKS)[number];

/** The kinds that a desk has in the contract. */
export type KindOfDesk<Name extends Contracts['name']> = keyof Extract<Contracts, { name: Name }>['kinds'] & KindName;

/** A command with the parameters that its kind's schema has admitted. */
export type CommandOf<Name extends KindName> = Command<ParamsOf<Name>>;

/** Something that a desk does for each of its kinds: what it decides, what it names. The compiler asks for every kind. */
export type ByKind<Name extends KindName, Context extends unknown[], Result> = {
  readonly [Kind in Name]: (command: CommandOf<Kind>, ...context: Context) => Result;
};

/** Does what is to be done for a command's kind. Intake has validated the parameters against the schema of the kind. */
export function byKind<Name extends KindName, Context extends unknown[], Result>(
  handlers: ByKind<Name, Context, Result>,
): (command: Command, ...context: Context) => Result {
  const all = new Map(Object.entries(handlers)) as Map<string, (command: Command, ...context: Context) => Result>;
  return (command, ...context) => {
    const handler = all.get(command.kind);
    if (!handler) throw new TypeError(`${command.kind} is another desk’s`);
    return handler(command, ...context);
  };
}

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
