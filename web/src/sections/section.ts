import type { DeskName, EventType, IdKind, OwnEventOf, WireEventEnvelope } from '@millrace/contract';
import type { Icon } from '@tabler/icons-react';
import type { FunctionComponent } from 'react';
import type { EventHandler, EventHandlers } from '../live/index.ts';
import type { KindIcons } from '../orders/index.ts';
import type { Role } from '../session/index.ts';
import type { Thing } from '../things/index.ts';

/** Who sees a page: everybody; visitors only (others are sent home); or those who are logged in with one of the roles. */
export type Audience = 'everybody' | 'visitors' | readonly Role[];

export const SIGNED_IN: readonly Role[] = ['investor', 'trader', 'operator', 'service'];

/** One page: its address (`/orders/$orderId`), its audience, and its code, which is loaded when it is opened. */
export interface PageRoute {
  path: string;
  audience: Audience;
  load: () => Promise<FunctionComponent>;
  /** The ids that its parameter takes: wherever such an id stands it leads here. */
  shows?: IdKind;
  /** It is in no navigation: other pages lead there. A page of an object never is. */
  hidden?: true;
}

/** A line of the navigation. */
export interface NavigationEntry {
  label: string;
  to: string;
  icon: Icon;
  roles: readonly Role[];
}

/** What a person is told about an event of their own, in the bell and as a toast. */
export interface Notice {
  title: string;
  detail?: string;
  tone: 'good' | 'bad' | 'neutral';
  /** The page that shows more. */
  to?: string;
  /** The id of the thing that it is about, one of a section's `things`; it is named. */
  thing?: string;
  /** Only in the bell, where the page itself shows what happened. */
  quiet?: boolean;
}

export type NoticeOf = (event: WireEventEnvelope) => Notice | undefined;
export type Notices = { readonly [Type in EventType]?: NoticeOf };

/** Of an event that its owner needs not be told of: another one says it. */
export const untold: NoticeOf = () => undefined;

/** One part of the application. The shell knows sections only by this. */
export interface Section {
  id: string;
  navigation: readonly NavigationEntry[];
  pages: readonly PageRoute[];
  /** Where people of these roles begin. The first section that says so wins. */
  home?: { roles: readonly Role[]; to: string };
  /** Things that have a name here. */
  things?: readonly Thing[];
  /** Pictures of its kinds of orders. */
  kindIcons?: KindIcons;
  /** What events change in the query cache. */
  events?: EventHandlers;
  /** What events say to the person they are about. */
  notices?: Notices;
}

/** What a desk's section does with events: with each that is told to its owner something, be it `changesNothing`. */
export type DeskEvents<Name extends DeskName> = EventHandlers & { readonly [Type in OwnEventOf<Name>]: EventHandler };
/** What a desk's section says of events: of each that is told to its owner something, be it `untold`. */
export type DeskNotices<Name extends DeskName> = Notices & { readonly [Type in OwnEventOf<Name>]: NoticeOf };

/** The section of a desk: the compiler names the events that it forgets. */
export interface DeskSection<Name extends DeskName> extends Section {
  events: DeskEvents<Name>;
  notices: DeskNotices<Name>;
}
