import type { Command } from '../../desk.ts';

/** Whose money an order moves. Intake never admits such an order without a user: one would be our own mistake. */
export function ownerOf(command: Command): string {
  if (command.userId === null) throw new TypeError(`${command.kind} ${command.id} has no user`);
  return command.userId;
}
