import { describe, expect, test } from 'vitest';
import type { ChannelEntry, DeskContract, EventEntry, Kind, Registry } from './desk.ts';
import { CHANNELS, DESKS, EVENTS, isCarried, KINDS, REGISTRIES } from './index.ts';
import { merged } from './merged.ts';
import { fieldOf, ID_PREFIXES, OVERDUE_LABELS, VOCABULARIES } from './vocabulary.ts';
import { OPERATIONS, TAGS } from '../operations/index.ts';
import type { OrderEntry, Vocabulary } from './vocabulary-entry.ts';

const SENTENCE = /^[A-Z{].*\.$/;
const LABEL = /^[A-Z][^_.]+$/;
const NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

test('a name that two desks have is found', () => {
  const parts = [{ a: 1 }, { b: 2 }, { a: 3 }].map((part, index) => [`desk${index}`, part] as const);
  expect(() => merged('ids', parts)).toThrow('desk0 and desk2 both have “a” in `ids`: rename one of them (contract');
});

test('every vocabulary is a desk’s, and every desk’s is listed', () => {
  expect(Object.fromEntries(REGISTRIES.map(({ name, vocabulary }) => [name, vocabulary]))).toEqual(VOCABULARIES);
  expect(new Set(REGISTRIES.map(({ name }) => name)).size).toBe(REGISTRIES.length);
});

test('a field is called as the desk of the kind says, or else the engine, and never as another desk says', () => {
  expect(fieldOf('fund_loan', 'remaining')?.label).toBe('Still open then');
  expect(fieldOf('deposit', 'remaining')).toBeUndefined();
  expect(['fund_loan', 'deposit', 'grant_bonus'].map((kind) => fieldOf(kind, 'amount')?.label)).toEqual([
    'Amount',
    'Amount',
    'Amount',
  ]);
});

test('prefixes of ids tell their kinds apart', () => {
  const prefixes = Object.values(ID_PREFIXES);
  expect(new Set(prefixes).size).toBe(prefixes.length);
  for (const prefix of prefixes) expect(prefix).toMatch(/^[a-z]+$/);
});

describe.each(REGISTRIES.map((registry): [string, Registry] => [registry.name, registry]))('%s', (_name, registry) => {
  const vocabulary: Vocabulary = registry.vocabulary;
  const kinds = Object.entries<Kind>(registry.kinds);
  const events = Object.entries<EventEntry>(registry.events);
  const channels = Object.entries<ChannelEntry>(registry.channels);

  test('has words for each of its kinds, and for no other', () => {
    const named = (isVisible: boolean) => kinds.flatMap(([kind, { visible }]) => (visible === isVisible ? [kind] : []));
    expect(Object.keys(vocabulary.orders).toSorted()).toEqual(named(true).toSorted());
    expect(Object.keys(vocabulary.commands).toSorted()).toEqual(named(false).toSorted());
    const labels = Object.values(vocabulary.orders).map(({ label }) => label);
    for (const label of [...labels, ...Object.values(vocabulary.commands)]) expect(label).toMatch(LABEL);
    for (const [kind, { description, asked, waitsFor = {} }] of kinds) {
      expect(kind).toMatch(NAME);
      for (const text of [description, asked, ...Object.values(waitsFor)]) expect(text).toMatch(SENTENCE);
    }
  });

  test('describes each order by fields that it has', () => {
    for (const [kind, { params, result, asked }] of kinds) {
      const fields = Object.keys({ ...params.properties, ...result?.properties });
      for (const [, field] of asked.matchAll(/\{(\w+)\}/g)) expect(fields).toContain(field);
      const order = vocabulary.orders[kind];
      if (!order) continue;
      for (const [, field] of order.doing.matchAll(/\{(\w+)(?:\|[^}]*)?\}/g)) expect(fields).toContain(field);
      for (const { event } of order.ahead ?? []) expect(Object.keys(registry.events)).toContain(event);
    }
    for (const { label } of Object.values(vocabulary.fields)) expect(label).toMatch(LABEL);
  });

  test('says the same of what can be canceled to people and to the engine', () => {
    for (const [kind, { cancelable }] of Object.entries<OrderEntry>(vocabulary.orders))
      expect([kind, cancelable !== undefined]).toEqual([kind, registry.kinds[kind]?.canceledBy !== undefined]);
  });

  test('has a station of an order’s way for each of its events, and for no other', () => {
    expect(Object.keys(vocabulary.events).toSorted()).toEqual(Object.keys(registry.events).toSorted());
    for (const { title } of Object.values(vocabulary.events)) expect(title).toMatch(/^[A-Z][^_.]+$/);
  });

  test('says of each kind what puts it in line, by a parameter that is always there', () => {
    for (const [kind, { orderedBy, params, roles }] of kinds) {
      const parameter = orderedBy === 'user' ? undefined : orderedBy === 'order' ? 'order_id' : orderedBy.parameter;
      if (parameter === undefined) expect([kind, roles]).not.toEqual([kind, []]);
      else expect([kind, params.required]).toEqual([kind, expect.arrayContaining([parameter])]);
    }
  });

  test('has kinds that are canceled by a command about an order, which callers may give', () => {
    const all: Readonly<Record<string, Kind | undefined>> = KINDS;
    for (const [, { canceledBy, roles }] of kinds) {
      if (canceledBy === undefined) continue;
      expect(all[canceledBy]).toMatchObject({ orderedBy: 'order', roles });
      expect(Object.keys(registry.kinds)).toContain(canceledBy);
    }
  });

  test('has events with an audience, about something that has an id, whose fields all have a meaning', () => {
    for (const [type, entry] of events) {
      expect(type).toMatch(NAME);
      expect(entry.description).toMatch(SENTENCE);
      expect(Object.keys(ID_PREFIXES)).toContain(entry.subject);
      const followed = Object.values<ChannelEntry>(CHANNELS).filter(
        (channel) => channel.carries !== 'everything' && isCarried(channel, entry),
      );
      expect([type, followed.length > 0]).toEqual([type, entry.visibility !== 'operators']);
      for (const [field, schema] of Object.entries<{ description?: string }>(entry.data.properties))
        expect([type, field, schema.description]).toEqual([type, field, expect.stringMatching(/.+/)]);
    }
  });

  test('has owners’ events that name whose they are', () => {
    for (const [type, { visibility, data }] of events)
      if (visibility === 'owner') expect([type, data.required]).toEqual([type, expect.arrayContaining(['user_id'])]);
  });

  test('has channels that carry something, by a scope for what is an owner’s, and that events of theirs close', () => {
    for (const [kind, channel] of channels) {
      const { carries, scope, role, closes = [], parameter } = channel;
      const carried = Object.entries<EventEntry>(EVENTS).flatMap(([type, entry]) =>
        isCarried(channel, entry) ? [type] : [],
      );
      expect([kind, carried.length > 0]).toEqual([kind, true]);
      if (carries === 'everything' || carries.visibility === 'operators') expect(role).toBe('operator');
      if (carries === 'everything' || carries.visibility !== 'public') expect(scope).not.toBe(null);
      // What ends is what is about one thing.
      if (closes.length > 0) expect(parameter).toBeDefined();
      expect(carried).toEqual(expect.arrayContaining([...closes]));
    }
  });

  test('has purposes with an owner, reasons with advice, and movements with words for both sides', () => {
    for (const { owner, words } of Object.values(vocabulary.purposes)) {
      expect([...Object.keys(ID_PREFIXES), 'installation']).toContain(owner);
      expect(words).toMatch(/^[a-z][^_]+$/);
    }
    for (const { text, advice } of Object.values(vocabulary.reasons)) {
      expect(text).toMatch(SENTENCE);
      expect(advice).toMatch(SENTENCE);
    }
    for (const { text, label, plural, debit, credit } of Object.values(vocabulary.transfers)) {
      expect(text).toMatch(SENTENCE);
      for (const each of [label, plural, debit, credit]) expect(each).toMatch(LABEL);
    }
    for (const label of Object.values(OVERDUE_LABELS)) expect(label).toMatch(LABEL);
  });
});

test.each(DESKS.map((desk): [string, DeskContract] => [desk.name, desk]))(
  '%s has operations in groups of its own, and names schemas that they use',
  (_name, { operations, tags, schemas }) => {
    for (const { tag } of operations) expect(Object.keys(tags)).toContain(tag);
    expect(new Set(operations.map(({ tag }) => tag))).toEqual(new Set(Object.keys(tags)));
    const used = new Set<unknown>();
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || used.has(value)) return;
      used.add(value);
      Object.values(value).forEach(visit);
    };
    visit(operations);
    for (const [name, schema] of Object.entries(schemas)) expect([name, used.has(schema)]).toEqual([name, true]);
  },
);

test('every operation is in a group', () => {
  for (const { operationId, tag } of OPERATIONS)
    expect([operationId, Object.keys(TAGS)]).toEqual([operationId, expect.arrayContaining([tag])]);
});
