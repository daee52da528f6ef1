import type Type from 'typebox';
import type { ChannelEntry, DeskContract, EventEntry, Registry } from './desk.ts';
import { engine } from './engine/index.ts';
import { lending } from './lending/index.ts';
import { type Merged, merged, type PartOf } from './merged.ts';
import { payments } from './payments/index.ts';

export * from './lending/index.ts';
export * from './payments/index.ts';

/** Every desk. What else there is of kinds, events, channels, operations and names is derived from this list. */
export const DESKS = [lending, payments] as const satisfies readonly DeskContract[];

/** The desks, and what belongs to none. */
export const REGISTRIES = [engine, ...DESKS] as const satisfies readonly Registry[];

/** Every kind of command. What a desk decides, by its kind; `POST /v1/orders` takes the visible ones. */
export const KINDS = merged(
  'kinds',
  REGISTRIES.map(({ name, kinds }) => [name, kinds] as const),
);

export type KindName = keyof typeof KINDS;
/** The kinds that are orders. */
export type OrderKindName = {
  [Name in KindName]: (typeof KINDS)[Name]['visible'] extends true ? Name : never;
}[KindName];
export type ParamsOf<Name extends KindName> = Type.Static<(typeof KINDS)[Name]['params']>;
/** What an order of the kind may have in its `result`. */
export type ResultOf<Name extends OrderKindName> = (typeof KINDS)[Name] extends {
  result: infer Result extends Type.TSchema;
}
  ? Partial<Type.Static<Result>>
  : never;

/** Every event that Millrace emits. An event that is not listed here cannot be written. */
export const EVENTS = merged(
  'events',
  REGISTRIES.map(({ name, events }) => [name, events] as const),
);

export type EventType = keyof typeof EVENTS;
/** What an event of a type carries. */
export type EventDataOf<Name extends EventType> = Type.Static<(typeof EVENTS)[Name]['data']>;

export type DeskName = (typeof DESKS)[number]['name'];
type EventsOf<Name extends DeskName> = Extract<(typeof DESKS)[number], { name: Name }>['events'];
/** The events of a desk that are told to their owners. */
export type OwnEventOf<Name extends DeskName> = {
  [Type in keyof EventsOf<Name>]: EventsOf<Name>[Type] extends { visibility: 'owner' } ? Type : never;
}[keyof EventsOf<Name>] &
  EventType;

/** Every channel of the WebSocket. */
export const CHANNELS = merged(
  'channels',
  REGISTRIES.map(({ name, channels }) => [name, channels] as const),
);

export type ChannelKindName = keyof typeof CHANNELS;

type PartsOf<Name extends keyof DeskContract> = Merged<PartOf<(typeof DESKS)[number], Name>>;

/** The fields that answers of no single desk have from the desks. */
function fieldsFrom<Name extends 'lines' | 'totals' | 'settings'>(name: Name): PartsOf<Name> {
  const desks: readonly DeskContract[] = DESKS;
  return merged(
    name,
    desks.map((desk) => [desk.name, desk[name] ?? {}] as const),
  ) as PartsOf<Name>;
}

export const DESK_LINES = fieldsFrom('lines');
export const DESK_TOTALS = fieldsFrom('totals');
export const DESK_SETTINGS = fieldsFrom('settings');

/** What operators find by search that is a desk's. */
export type FoundName = PartOf<(typeof DESKS)[number], 'found'>[number];
export const FOUND = DESKS.flatMap((desk): readonly FoundName[] => ('found' in desk ? desk.found : []));

/** A channel's name, as people write it: `loan:<loan_id>`. */
export function channelName(kind: string, { parameter }: ChannelEntry): string {
  return parameter ? `${kind}:<${parameter.name}>` : kind;
}

/** Whether events of this type are for a channel, as far as the catalogue says it. */
export function isCarried({ carries }: ChannelEntry, { visibility, subject }: EventEntry): boolean {
  if (carries === 'everything') return true;
  return carries.visibility === visibility && (carries.subject === undefined || carries.subject === subject);
}

/** Who sees an event, in words. */
export function audienceOf(entry: EventEntry): string {
  if (entry.visibility === 'owner') return 'the user it names, and operators';
  if (entry.visibility === 'operators') return 'operators';
  const channels = Object.entries<ChannelEntry>(CHANNELS).flatMap(([kind, channel]) =>
    channel.carries !== 'everything' && isCarried(channel, entry) ? [`\`${channelName(kind, channel)}\``] : [],
  );
  return `everybody who is logged in, on the channels ${channels.join(' and ')}; operators`;
}

/** The fields of an event's data, each with its meaning. */
export function fieldsOf({ data }: EventEntry): [field: string, meaning: string][] {
  const fields = Object.entries(data.properties as Record<string, { description?: string }>);
  return fields.map(([field, { description }]) => [field, description ?? '']);
}
