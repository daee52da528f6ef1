import type { KindName, Role } from '@millrace/contract';
import type pg from 'pg';
import type { Caller } from '../core/caller.ts';
import type { Clock } from '../core/clock.ts';
import type { JsonObject } from '../core/json.ts';
import type { Answer } from '../core/order.ts';
import type { Random } from '../core/random.ts';
import type { Ask } from './resource.ts';

/** Addresses that cannot exist outside: `.local` is never delegated (RFC 6762). */
export const DEMO_DOMAIN = 'demo.millrace.local';

export interface DemoPerson {
  email: string;
  name: string;
  role: Role;
  /** null: nobody logs in as this one. */
  password: string | null;
}

/** One of the demonstration's people, by the first part of the e-mail address: a desk's own, or `investor`, `trader`, `operator`, `service`. */
export type Actor = string;

/** People whom nobody logs in as: what makes things happen while a newcomer watches. Their actors are `<kind>-1` and so on. */
export function virtualPeople(kind: string, names: readonly string[]): DemoPerson[] {
  return names.map((name, index) => ({
    email: `${kind}-${index + 1}@${DEMO_DOMAIN}`,
    name,
    role: 'investor',
    password: null,
  }));
}

export function actorOf({ email }: DemoPerson): Actor {
  return email.slice(0, email.indexOf('@'));
}

/** One command of the demonstration's history. */
export interface Step {
  /** Business time, ms since the epoch. */
  at: number;
  /** Makes the command's id, so that a seeding that was interrupted goes on without doing anything twice. */
  name: string;
  /** null: a command of Millrace itself. */
  actor: Actor | null;
  kind: KindName;
  params: JsonObject;
  /** What must come out. Default completed. */
  expect?: 'completed' | 'rejected';
}

/** The name of the history's last step: where it is known, nothing is left to be done. */
export const LAST_STEP = 'history/complete';

/** What a history is made of: the same for the same `now`, so that a seeding that was interrupted can be repeated. */
export interface DemoPlan {
  /** When the installation was made; the history ends then, and begins at `begin`. */
  now: number;
  begin: number;
  random: Random;
  /** The code of the installation's currency. */
  currency: string;
  /** `usr_…` */
  userId(actor: Actor): string;
}

/** A running demonstration, for what makes it live. */
export interface DemoWorld {
  caller(actor: Actor): Caller;
  submit(caller: Caller, submission: { kind: KindName; params: JsonObject }): Promise<Answer>;
  ask: Ask;
  clock: Clock;
  currency: string;
  random: Random;
}

/** A beat in which nothing was done. */
export const RESTED = 'rested';

/** What a demonstration shows of a desk. */
export interface DeskDemo {
  people?: readonly DemoPerson[];
  /** People whom programs on the same machine may act for, by what they are to the desk: in the runtime file. */
  groups?: Readonly<Record<string, readonly Actor[]>>;
  /** A year's commands, in any order. */
  history?(plan: DemoPlan): Step[];
  /** What the history needs and no command makes, as of its beginning. May be done again. */
  prepare?(steps: readonly Step[], at: { pool: pg.Pool; clock: Clock }): Promise<void>;
  /** Makes it live: each beat does one thing, within an allowance of the desk's own, and says which. Or RESTED. */
  createBeat?(world: DemoWorld): () => Promise<string>;
}
