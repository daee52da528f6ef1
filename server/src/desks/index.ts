import type { DESKS as CONTRACTS } from '@millrace/contract';
import { LENDING } from './lending/index.ts';
import type { DeskModule } from './module.ts';
import { PAYMENTS } from './payments/index.ts';

type Contract = (typeof CONTRACTS)[number];

/** Each desk of the contract, in the order in which their rows are locked. */
export const MODULES = { lending: LENDING, payments: PAYMENTS } as const satisfies {
  readonly [Name in Contract['name']]: DeskModule<Extract<Contract, { name: Name }>>;
};

/** Everything that the server does for each desk, it does for these. */
export const DESKS = Object.values(MODULES);

type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** The settings of all desks. */
export type DeskOptions = Intersection<(typeof DESKS)[number]['options']>;

type GroupsOf<Module> = Module extends { demo: { groups: infer Groups } } ? keyof Groups & string : never;
/** Groups of a demonstration's people. */
export type DemoGroup = GroupsOf<(typeof DESKS)[number]>;
