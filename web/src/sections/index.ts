import type { DeskName } from '@millrace/contract';
import { section as account } from './account/index.ts';
import { section as lending } from './lending/index.ts';
import { section as money } from './money/index.ts';
import { section as operate } from './operate/index.ts';
import { section as orders } from './orders/index.ts';
import type { DeskSection, Section } from './section.ts';
import { section as visitor } from './visitor/index.ts';

/** The section of each desk. */
const DESKS = { lending, payments: money } as const satisfies { readonly [Name in DeskName]: DeskSection<Name> };

/** Every part of the application, in the order of the navigation. */
export const sections: readonly Section[] = [visitor, operate, ...Object.values(DESKS), orders, account];
