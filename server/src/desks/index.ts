import { LENDING } from './lending/index.ts';
import type { DeskModule } from './module.ts';
import { PAYMENTS } from './payments/index.ts';

/** All desks, in the order in which their rows are locked. Everything that the server does for each desk, it does for these. */
export const DESKS = [LENDING, PAYMENTS] as const satisfies readonly DeskModule[];

type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** The settings of all desks. */
export type DeskOptions = Intersection<(typeof DESKS)[number]['options']>;
