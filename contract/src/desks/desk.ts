import Type from 'typebox';
import type { Operation } from '../operations/operation.ts';
import { EVERYBODY, type Role, type Scope } from '../roles.ts';
import { idPattern } from '../schemas/common.ts';
import { ID_PREFIXES, type IdKind, type VOCABULARIES } from './vocabulary.ts';
import type { EventWords, OrderEntry } from './vocabulary-entry.ts';

/**
 * What brings a command to its shard, and so puts it in line with others: its user, a parameter (an id, a symbol), or the
 * order that its parameter `order_id` names, which has a shard already.
 */
export type OrderingKey = 'user' | 'order' | { parameter: string };

/**
 * What starts a command of Millrace's own: time that makes it due (the desk's `due`), an order's way outside and back (its
 * `errands` and `reports`), or a user who is new (its `grant`).
 */
export type Starter = 'time' | 'errand' | 'new user';

/** One kind of order or internal command: the schema of its parameters, who may place it, and how it is treated. */
export interface Kind {
  /** Parameters, without `kind` and `id`. */
  params: Type.TObject;
  /** Roles that may place it; empty for commands that only Millrace itself submits. */
  roles: readonly Role[];
  scope: Scope;
  /** Whether it is an order that its user sees in lists. */
  visible: boolean;
  /**
   * What an order of this kind may have in its `result`: less while it is not final, or where it was rejected. Labelled for people
   * like the parameters. Absent only where it is not visible.
   */
  result?: Type.TObject;
  description: string;
  /**
   * What was asked for, told afterwards as a whole sentence, to which an explanation adds what came of it; of commands of Millrace
   * itself too. (`doing` of an order's entry in the vocabulary says in the imperative what its user does, before it is done.) `{name}` stands
   * for a field of the parameters, or of the result.
   */
  asked: string;
  orderedBy: OrderingKey;
  /** Whether it has moved money under its own id where it is completed. */
  movesMoney: boolean;
  /** The command that cancels an order of this kind. Absent: it is never canceled. */
  canceledBy?: string;
  /** What starts a command of Millrace's own; the server's part of the desk has to have it. */
  startedBy?: Starter;
  /** What an order that is pending waits for, by `stage` of its result, the first stage first; `''` where it has none. */
  waitsFor?: Readonly<Record<string, string>>;
}

/** A kind that keeps the types of its parameters, for `ParamsOf`. */
type KindOf<Params extends Type.TProperties> = Omit<Kind, 'params' | 'result'> & { params: Type.TObject<Params> };

interface KindSpec<Params extends Type.TProperties>
  extends Omit<Kind, 'params' | 'result' | 'roles' | 'scope' | 'visible' | 'startedBy'> {
  params: Params;
  orderedBy: 'user' | 'order' | { parameter: keyof Params & string };
  /** Default: everybody. */
  roles?: readonly Role[];
  /** Default: `orders:write`. */
  scope?: Scope;
}

const strict = { additionalProperties: false } as const;

/** What users order. */
export function order<Params extends Type.TProperties, Result extends Type.TProperties>(
  spec: KindSpec<Params> & { result: Result },
): KindOf<Params> & { visible: true; result: Type.TObject<Result> } {
  const { params, result, roles = EVERYBODY, scope = 'orders:write', ...rest } = spec;
  return {
    ...rest,
    roles,
    scope,
    visible: true,
    params: Type.Object(params, strict),
    result: Type.Object(result, strict),
  };
}

/** What callers submit by an operation of its own, and see no order of in their lists. */
export function command<Params extends Type.TProperties>(spec: KindSpec<Params>): KindOf<Params> & { visible: false } {
  const { params, roles = EVERYBODY, scope = 'orders:write', ...rest } = spec;
  return { ...rest, roles, scope, visible: false, params: Type.Object(params, strict) };
}

/** What only Millrace itself submits. */
export function internal<Params extends Type.TProperties, By extends Starter>(
  spec: Omit<KindSpec<Params>, 'roles' | 'scope'> & { startedBy: By },
): KindOf<Params> & { visible: false; startedBy: By } {
  const { startedBy, ...rest } = spec;
  return { ...command({ ...rest, roles: [], scope: 'operate' }), startedBy };
}

/**
 * Who may see an event: `owner` (the user it names, and operators), `public` (everybody who is logged in), or
 * `operators`.
 */
export type Visibility = 'owner' | 'public' | 'operators';

/** One entry of the event catalogue. */
export interface EventEntry {
  visibility: Visibility;
  /** What `subject` names. */
  subject: IdKind;
  description: string;
  /** What it carries; the description of each field is its meaning. Amounts are decimal strings. */
  data: Type.TObject;
}

/** An event that keeps the types of its data, for `EventDataOf`, and who sees it, for `OwnEventOf`. */
type EventOf<Data extends Type.TProperties, Seen extends Visibility> = Omit<EventEntry, 'data' | 'visibility'> & {
  visibility: Seen;
  data: Type.TObject<Data>;
};

export function event<Data extends Type.TProperties, Seen extends Visibility>(
  spec: Omit<EventEntry, 'data' | 'visibility'> & { visibility: Seen; data: Data },
): EventOf<Data, Seen> {
  // Not strict: a later version may say more, and who checks events by this schema should not break by it.
  return { ...spec, data: Type.Object(spec.data) };
}

/** One entry of the channel registry. */
export interface ChannelEntry {
  /** What stands behind the colon of the channel's name: the subject of its events. Absent: the name stands alone. */
  parameter?: { name: string; pattern: string; description: string };
  /** What the caller's session or key must allow; null: to be logged in is enough. */
  scope: Scope | null;
  /** Absent: every role. */
  role?: Role;
  description: string;
  /**
   * Which events it carries: those that are seen by the same people, and of these only the ones about `subject` where that
   * is said. Of what is seen by owners a follower gets what is the follower's own. `everything`: all events.
   */
  carries: { visibility: Visibility; subject?: IdKind } | 'everything';
  /** Events after which it ends, for the subject that they are about. Of a channel of many: none. */
  closes?: readonly string[];
}

/** The channel of one thing that has an id: `loan:<loan_id>`. */
export function channelOf(
  kind: IdKind,
  spec: {
    description: string;
    /** Whose events it carries: `public` ones, or of its owner's each follower's own. */
    visibility: 'public' | 'owner';
    /** Events about the thing after which it ends; none: it goes on for ever. */
    closes: readonly string[];
  },
): ChannelEntry {
  const { description, visibility, closes } = spec;
  return {
    parameter: { name: `${kind}_id`, pattern: idPattern(ID_PREFIXES[kind]), description: `The ${kind}.` },
    scope: visibility === 'public' ? null : 'orders:read',
    description,
    carries: { visibility, subject: kind },
    closes,
  };
}

/** What one desk, or the engine itself, says about its commands, events and channels. */
export interface Registry {
  /** Also the name of its folders. */
  name: string;
  vocabulary: (typeof VOCABULARIES)[keyof typeof VOCABULARIES];
  kinds: Readonly<Record<string, Kind>>;
  events: Readonly<Record<string, EventEntry>>;
  channels: Readonly<Record<string, ChannelEntry>>;
}

type Visible<Kinds, IsVisible extends boolean> = {
  [Name in keyof Kinds]: Kinds[Name] extends { visible: IsVisible } ? Name : never;
}[keyof Kinds];

/** What all else says of kinds and events is a type error as long as one of them has no words. */
interface WordsFor<Kinds, Events> {
  orders: Readonly<Record<Visible<Kinds, true>, OrderEntry>>;
  commands: Readonly<Record<Visible<Kinds, false>, string>>;
  events: Readonly<Record<keyof Events, EventWords>>;
}

/** One line of business, as callers meet it. */
export interface DeskContract<Kinds = Readonly<Record<string, Kind>>, Events = Readonly<Record<string, EventEntry>>>
  extends Registry {
  kinds: Kinds & Registry['kinds'];
  events: Events & Registry['events'];
  vocabulary: Registry['vocabulary'] & WordsFor<Kinds, Events>;
  /** Groups of operations in the OpenAPI document, with what they are about. */
  tags: Readonly<Record<string, string>>;
  operations: readonly Operation[];
  /** Fields that lines of accounts' statements have from it: what the line is about. */
  lines?: Readonly<Record<string, Type.TSchema>>;
  /** Its numbers among the live numbers of the installation. */
  totals?: Readonly<Record<string, Type.TSchema>>;
  /** What everybody may know of its settings, as fields of the installation. */
  settings?: Readonly<Record<string, Type.TSchema>>;
  /** Types of its things that operators find by search. */
  found?: readonly string[];
  /** Schemas that have a name in the OpenAPI document. */
  schemas: Readonly<Record<string, Type.TSchema>>;
}
