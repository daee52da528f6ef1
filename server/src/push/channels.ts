import {
  CHANNELS,
  type ChannelEntry,
  type ChannelKindName,
  type EventEntry,
  EVENTS,
  type EventType,
  isCarried,
} from '@millrace/contract';
import type { Caller } from '../core/caller.ts';
import { problem, type Result } from '../core/result.ts';
import type { EventFilter } from '../events/event-log.ts';
import type { Closing } from '../events/closing-events.ts';
import type { StoredEvent } from '../events/event.ts';

/** A channel as one caller follows it. */
export interface Channel {
  /** As frames carry it: `me`, `loan:loan_…` with the id in lower case. */
  name: string;
  /** What the index of live subscriptions is kept by: the same for all who see the same events. */
  topic: string;
  /** The same choice of events as `topic`, for a read of the log. */
  filter: EventFilter;
  /** Whether the event belongs to it. */
  includes(event: StoredEvent): boolean;
  /** Whether it has ended by this event, which belongs to it: nothing will follow. */
  closes(event: StoredEvent): boolean;
  /** By what it ends; undefined: it never does. */
  closing: Closing | undefined;
}

/** How a kind of channel finds its events, from what the catalogue says of it. */
interface ChannelRule {
  kind: string;
  /** Each follower gets what is the follower's own. */
  ofOwners: boolean;
  /** It is about one subject, which its name has. */
  ofSubject: boolean;
  /** Undefined: of any type, one that a newer version wrote too. */
  types: readonly EventType[] | undefined;
}

const EVERY_EVENT = Object.entries(EVENTS) as [EventType, EventEntry][];

const RULES: readonly ChannelRule[] = Object.entries<ChannelEntry>(CHANNELS).map(([kind, channel]) => ({
  kind,
  ofOwners: channel.carries !== 'everything' && channel.carries.visibility === 'owner',
  ofSubject: channel.parameter !== undefined,
  types:
    channel.carries === 'everything'
      ? undefined
      : EVERY_EVENT.flatMap(([type, entry]) => (isCarried(channel, entry) ? [type] : [])),
}));

/** An event of a type that this version does not know (a newer one wrote it) is for the channels of all types only. */
const RULES_OF_UNKNOWN = RULES.filter(({ types }) => types === undefined);
const RULES_BY_TYPE: ReadonlyMap<string, readonly ChannelRule[]> = new Map(
  EVERY_EVENT.map(([type]) => [type, RULES.filter(({ types }) => types === undefined || types.includes(type))]),
);

/** The topic of a rule: the same for all who see the same events. */
function topicOf({ kind, ofSubject, ofOwners }: ChannelRule, subject: string, userId: string): string {
  return `${kind}${ofSubject ? `/${subject}` : ''}${ofOwners ? `/${userId}` : ''}`;
}

/** Every topic that the event belongs to: its whole audience. The only place that decides who sees it. */
export function topicsOf({ type, subject, userId }: StoredEvent): string[] {
  const topics: string[] = [];
  for (const rule of RULES_BY_TYPE.get(type) ?? RULES_OF_UNKNOWN) {
    if (!rule.ofOwners || userId !== null) topics.push(topicOf(rule, subject, userId ?? ''));
  }
  return topics;
}

const OWNERS_TOPICS = RULES.flatMap(({ kind, ofOwners }) => (ofOwners ? [`${kind}/`] : []));

/** Whether who follows the topic is whose the events are. */
export function isOwnersTopic(topic: string): boolean {
  return OWNERS_TOPICS.some((beginning) => topic.startsWith(beginning));
}

/**
 * The channel of that name, as this caller may follow it.
 *
 * Errors: `not_found` (no such channel), `forbidden` (role or scope).
 */
export function openChannel(caller: Caller, name: string): Result<Channel> {
  const colon = name.indexOf(':');
  const kind = colon < 0 ? name : name.slice(0, colon);
  const parameter = colon < 0 ? undefined : name.slice(colon + 1);
  if (!Object.hasOwn(CHANNELS, kind)) return problem('not_found', 'There is no such channel.');
  const entry: ChannelEntry = CHANNELS[kind as ChannelKindName];
  if ((entry.parameter === undefined) !== (parameter === undefined))
    return problem('not_found', 'There is no such channel.');
  if (entry.parameter && !new RegExp(entry.parameter.pattern).test(parameter as string)) {
    return problem('not_found', `The channel’s ${entry.parameter.name} is not valid.`);
  }
  if (entry.role !== undefined && caller.role !== entry.role)
    return problem('forbidden', `This channel is for the role ${entry.role}.`);
  if (entry.scope !== null && !caller.scopes.has(entry.scope))
    return problem('forbidden', `This channel needs the scope ${entry.scope}.`);
  const rule = RULES.find((each) => each.kind === kind) as ChannelRule;
  const own = parameter?.toLowerCase();
  const { actingFor: userId } = caller;
  const topic = topicOf(rule, own ?? '', userId);
  const filter: EventFilter = {
    ...(rule.ofOwners && { userId }),
    ...(own !== undefined && { subject: own }),
    ...(rule.types && { types: rule.types }),
  };
  const ends = (entry.closes ?? []) as EventType[];
  const closes = ({ type }: StoredEvent): boolean => (ends as string[]).includes(type);
  const closing =
    ends.length > 0 && own !== undefined
      ? { subject: own, types: ends, userId: rule.ofOwners ? userId : null }
      : undefined;
  const includes = (event: StoredEvent): boolean => topicsOf(event).includes(topic);
  const asKnown = own === undefined ? kind : `${kind}:${own}`;
  return { ok: true, value: { name: asKnown, topic, filter, includes, closes, closing } };
}
