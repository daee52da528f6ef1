import {
  CHANNELS,
  type ChannelEntry,
  type ChannelKindName,
  type EventEntry,
  EVENTS,
  type EventType,
} from '@millrace/contract';
import { problem, type Result } from '../core/result.ts';
import type { StoredEvent } from '../events/event.ts';
import type { EventFilter } from '../events/event-log.ts';
import type { Caller } from '../intake/intake.ts';

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
}

/** How one kind of channel chooses its events. */
interface ChannelRule {
  /** Topic and filter of a subscription. */
  open(caller: Caller, parameter: string): { topic: string; filter: EventFilter };
  /** The topic that an event belongs to; undefined: to none of this kind. The only place that decides who sees it. */
  topicOf(event: StoredEvent, entry: EventEntry): string | undefined;
}

const CATALOGUE = Object.entries(EVENTS) as [EventType, EventEntry][];
const ENTRIES = new Map<string, EventEntry>(CATALOGUE);
const typesWhere = (test: (entry: EventEntry) => boolean): EventType[] =>
  CATALOGUE.filter(([, entry]) => test(entry)).map(([type]) => type);

const isOwners = (entry: EventEntry): boolean => entry.visibility === 'owner';
const isOfLoans = (entry: EventEntry): boolean => entry.visibility === 'public' && entry.subject === 'loan';
const OWNERS_TYPES = typesWhere(isOwners);
const LOAN_TYPES = typesWhere(isOfLoans);

/** What the topics of owners' channels begin with. */
export const OWNERS_TOPIC = 'me/';

/** A further channel is an entry here, and one in the contract's registry. */
const RULES: Record<ChannelKindName, ChannelRule> = {
  me: {
    open: ({ actingFor }) => ({
      topic: `${OWNERS_TOPIC}${actingFor}`,
      filter: { userId: actingFor, types: OWNERS_TYPES },
    }),
    topicOf: (event, entry) =>
      isOwners(entry) && event.userId !== null ? `${OWNERS_TOPIC}${event.userId}` : undefined,
  },
  loans: {
    open: () => ({ topic: 'loans', filter: { types: LOAN_TYPES } }),
    topicOf: (_event, entry) => (isOfLoans(entry) ? 'loans' : undefined),
  },
  loan: {
    open: (_caller, loan) => ({ topic: `loan/${loan}`, filter: { subject: loan, types: LOAN_TYPES } }),
    topicOf: (event, entry) => (isOfLoans(entry) ? `loan/${event.subject}` : undefined),
  },
  operators: {
    open: () => ({ topic: 'operators', filter: {} }),
    topicOf: () => 'operators',
  },
};

const KINDS = Object.entries(RULES) as [ChannelKindName, ChannelRule][];

/** An event of a type that this version does not know (a newer one wrote it) is shown to operators only. */
const UNKNOWN_TYPE: EventEntry = { visibility: 'operators', subject: 'order', description: '', data: {} };

function entryOf(event: StoredEvent): EventEntry {
  return ENTRIES.get(event.type) ?? UNKNOWN_TYPE;
}

/** Every topic that the event belongs to: its whole audience. */
export function topicsOf(event: StoredEvent): string[] {
  const entry = entryOf(event);
  const topics: string[] = [];
  for (const [, rule] of KINDS) {
    const topic = rule.topicOf(event, entry);
    if (topic !== undefined) topics.push(topic);
  }
  return topics;
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
  const rule = RULES[kind as ChannelKindName];
  const own = parameter?.toLowerCase() ?? '';
  const { topic, filter } = rule.open(caller, own);
  const includes = (event: StoredEvent): boolean => rule.topicOf(event, entryOf(event)) === topic;
  return { ok: true, value: { name: parameter === undefined ? kind : `${kind}:${own}`, topic, filter, includes } };
}
