import { EVENTS, type EventType, REGISTRIES, type WireEventEnvelope } from '@millrace/contract';
import { ID_PREFIXES, ORDERS } from '@millrace/contract/vocabulary';
import { expect, test } from 'vitest';
import { sections } from '../sections/index.ts';
import { untold } from '../sections/section.ts';

interface FieldSchema {
  type?: string;
  enum?: readonly unknown[];
  const?: unknown;
  pattern?: string;
  format?: string;
  anyOf?: readonly FieldSchema[];
}

const TIME = '2026-11-21T12:00:00Z';
const AMOUNT = '1250.00';
const UUID = '01900000-0000-7000-8000-000000000001';
/** One of them fits what a field's pattern asks for: an amount, a day, or an id of some kind. */
const SAMPLES = [AMOUNT, TIME.slice(0, 10), ...Object.values(ID_PREFIXES).map((prefix) => `${prefix}_${UUID}`)];
const sampleOf = ({ pattern }: FieldSchema): string | undefined =>
  pattern === undefined ? undefined : SAMPLES.find((sample) => new RegExp(pattern).test(sample));

/** What the catalogue has no schema for, being text or an object: kinds of which the decision itself is told. */
const KINDS = Object.entries(ORDERS).flatMap(([kind, { toldByItsEvents }]) => (toldByItsEvents ? [] : [kind]));
const UNTYPED: Readonly<Record<string, readonly unknown[]>> = { asset: ['USD'], kind: KINDS, result: [{}] };

/** All that a field can hold which makes a difference. */
function valuesOf(name: string, schema: FieldSchema): readonly unknown[] {
  const { type, enum: words, anyOf, format } = schema;
  if (UNTYPED[name]) return UNTYPED[name];
  if (anyOf) return anyOf.flatMap((one) => valuesOf(name, one));
  if (schema.const !== undefined) return [schema.const];
  if (words) return words;
  if (type === 'boolean') return [true, false];
  if (type === 'null') return [null];
  if (type === 'integer' || type === 'number') return [3];
  if (type === 'array') return [[]];
  if (type === 'object') return [{}];
  return [sampleOf(schema) ?? (format === 'date-time' ? TIME : `a ${name}`)];
}

/** Data of an event in each of its shapes. A field that the catalogue does not have is no field to tell of. */
function shapesOf(type: EventType): Record<string, unknown>[] {
  let shapes: Record<string, unknown>[] = [{}];
  for (const [name, schema] of Object.entries(EVENTS[type].data.properties))
    shapes = shapes.flatMap((shape) =>
      valuesOf(name, schema as FieldSchema).map((value) => ({ ...shape, [name]: value })),
    );
  return shapes.map(
    (shape) =>
      new Proxy(shape, {
        get(target, name) {
          if (typeof name === 'string' && !(name in target)) throw new Error(`${type} has no field “${name}”`);
          return Reflect.get(target, name);
        },
      }),
  );
}

function noticesOf(type: EventType) {
  return shapesOf(type).flatMap((data) => {
    const event = { type, time: TIME, subject: '', data } as unknown as WireEventEnvelope;
    return sections.flatMap(({ notices }) => notices?.[type]?.(event) ?? []);
  });
}

const hasAmount = (type: EventType): boolean =>
  Object.values(EVENTS[type].data.properties).some((schema) => sampleOf(schema as FieldSchema) === AMOUNT);

const isUntold = (type: EventType): boolean => sections.some(({ notices }) => notices?.[type] === untold);
const TYPES = Object.keys(EVENTS) as EventType[];
const OWN = TYPES.filter((type) => EVENTS[type].visibility === 'owner');
const deskOf = (type: EventType) => REGISTRIES.find(({ events }) => Object.hasOwn(events, type))?.name;

test.each(OWN.filter((type) => !isUntold(type)))('%s is told to the person it is about, an amount as money', (type) => {
  const notices = noticesOf(type);
  const where = `the notice of ${type} in the section of the desk “${deskOf(type)}” in web/src/sections`;
  expect(notices.length, `${where}: there is none`).toBeGreaterThan(0);
  for (const { title } of notices) expect(title, `${where}: its title`).toMatch(/^\S(?!.* {2}).*\S$/);
  const words = notices.map(({ title, detail }) => `${title} ${detail}`);
  if (hasAmount(type)) expect(words.join('\n'), `${where}: no amount of it`).toContain('$1,250.00');
});

test('a notice leads to a page that there is', () => {
  const pages = sections.flatMap((section) => section.pages);
  const patterns = pages.map(({ path }) => new RegExp(`^${path.replaceAll(/\$\w+/g, '[^/]+')}$`));
  for (const type of OWN)
    for (const { to } of noticesOf(type))
      if (to !== undefined)
        expect(
          patterns.some((pattern) => pattern.test(to)),
          `${type}: ${to}`,
        ).toBe(true);
});

test('what is about nobody’s own money is no notice', () => {
  for (const type of TYPES) if (EVENTS[type].visibility !== 'owner') expect(noticesOf(type)).toEqual([]);
});
