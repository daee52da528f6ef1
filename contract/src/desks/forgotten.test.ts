import type Type from 'typebox';
import { describe, expect, test } from 'vitest';
import type { Operation } from '../operations/operation.ts';
import type { DeskContract, EventEntry, Kind, Registry } from './desk.ts';
import { DESKS, lending, payments, REGISTRIES } from './index.ts';
import { ENGINE_VOCABULARY } from './engine/vocabulary.ts';
import { ID_PREFIXES } from './vocabulary.ts';
import type { Vocabulary } from './vocabulary-entry.ts';

/**
 * What a desk's contract has left out, and no type asks for: each with the desk, the thing, and where it belongs. What the server has
 * left out of a desk is found by its own test, `server/test/integration/forgotten.test.ts`.
 */
type Part = Registry & Partial<Pick<DeskContract, 'operations' | 'schemas'>>;

const folder = ({ name }: Part): string => `contract/src/desks/${name}`;

/** Own fields of each desk, and those of the engine: another desk may mean something else by the same name. */
function unlabelled(desk: Part): string[] {
  const vocabulary: Vocabulary = desk.vocabulary;
  const labels = { ...ENGINE_VOCABULARY.fields, ...vocabulary.fields };
  return Object.entries<Kind>(desk.kinds).flatMap(([kind, { params, result, visible }]) =>
    Object.keys({ ...params.properties, ...result?.properties }).flatMap((field) =>
      visible && !Object.hasOwn(labels, field)
        ? [
            `${desk.name}: the field \`${field}\` of ${kind} has no label: add it to \`fields\` (${folder(desk)}/vocabulary.ts)`,
          ]
        : [],
    ),
  );
}

function ownerless(desk: Part): string[] {
  const { purposes }: Vocabulary = desk.vocabulary;
  return Object.entries(purposes).flatMap(([purpose, { owner }]) =>
    owner === 'installation' || Object.hasOwn(ID_PREFIXES, owner)
      ? []
      : [
          `${desk.name}: accounts of the purpose \`${purpose}\` belong to \`${owner}\`, which no desk has in \`ids\`: mend one of them (${folder(desk)}/vocabulary.ts)`,
        ],
  );
}

/** Who looks at one thing follows it: what it is told of by events has a channel of its own. */
function withoutChannel(desk: Part): string[] {
  const { ids }: Vocabulary = desk.vocabulary;
  const channels = Object.entries(desk.channels);
  const told = new Set(Object.values<EventEntry>(desk.events).map(({ subject }): string => subject));
  const followed = new Set(
    channels.flatMap(([, { parameter, carries }]) => (parameter && carries !== 'everything' ? [carries.subject] : [])),
  ) as Set<string>;
  return [
    ...Object.keys(ids).flatMap((kind) =>
      told.has(kind) && !followed.has(kind) && desk.name !== 'engine'
        ? [
            `${desk.name}: no channel carries the events about one \`${kind}\`: add \`channelOf('${kind}', …)\` to \`channels\` (${folder(desk)}/index.ts)`,
          ]
        : [],
    ),
    ...channels.flatMap(([channel, { parameter, closes }]) =>
      parameter && closes === undefined
        ? [
            `${desk.name}: the channel \`${channel}\` does not say which events end it: add \`closes\`, which may be empty (${folder(desk)}/index.ts)`,
          ]
        : [],
    ),
  ];
}

/** An object, or of a page what it lists, is a type with a name in the documents, and so in clients that are made of them. */
function unnamed(desk: Part): string[] {
  const named = new Set<unknown>(Object.values(desk.schemas ?? {}));
  const isNamed = (schema: Type.TSchema | undefined): boolean => {
    const { properties = {} } = (schema ?? {}) as { properties?: Readonly<Record<string, { items?: unknown }>> };
    return schema === undefined || named.has(schema) || named.has(properties['data']?.items);
  };
  return (desk.operations ?? []).flatMap(({ operationId, body, responses }: Operation) =>
    [
      { what: 'body', schema: body },
      ...Object.entries(responses).map(([status, { schema }]) => ({ what: `answer ${status}`, schema })),
    ].flatMap(({ what, schema }) =>
      isNamed(schema)
        ? []
        : [
            `${desk.name}: the ${what} of ${operationId} has no name in the documents: add its schema to \`schemas\` (${folder(desk)}/index.ts)`,
          ],
    ),
  );
}

const forgottenIn = (desk: Part): string[] => [
  ...unlabelled(desk),
  ...ownerless(desk),
  ...withoutChannel(desk),
  ...unnamed(desk),
];

test.each(REGISTRIES.map((desk): [string, Part] => [desk.name, desk]))('%s has forgotten nothing', (_name, desk) => {
  expect(forgottenIn(desk)).toEqual([]);
});

describe('what is left out is named', () => {
  const vocabularyOf = (more: Partial<Vocabulary>) =>
    ({ ...lending.vocabulary, ...more }) as unknown as Registry['vocabulary'];
  const { allow_partial: _, ...others } = lending.vocabulary.fields;
  const { accepted_amount: ____, ...known } = lending.vocabulary.fields;
  const { Portfolio: __, ...schemas } = lending.schemas;
  const { closes: ___, ...loan } = lending.channels.loan;
  const escrow = { ...lending.vocabulary.purposes.escrow, owner: 'lone' };
  test.each<[string, Partial<Part>, string]>([
    [
      'a label of a parameter',
      { vocabulary: vocabularyOf({ fields: others }) },
      'the field `allow_partial` of fund_loan has no label',
    ],
    [
      'a label of a result',
      { vocabulary: vocabularyOf({ fields: known }) },
      'the field `accepted_amount` of fund_loan has no label',
    ],
    [
      'an owner',
      { vocabulary: vocabularyOf({ purposes: { escrow } }) },
      'accounts of the purpose `escrow` belong to `lone`, which no desk has in `ids`',
    ],
    ['a channel', { channels: { loans: lending.channels.loans } }, 'no channel carries the events about one `loan`'],
    ['its end', { channels: { loan } }, 'the channel `loan` does not say which events end it'],
    ['a schema', { schemas }, 'the answer 200 of getPortfolio has no name in the documents'],
  ])('%s', (_what, less, words) => {
    const found = forgottenIn({ ...(lending as Part), ...less });
    expect(found.map((line) => line.slice(0, line.lastIndexOf(':')))).toEqual([`lending: ${words}`]);
    expect(found[0]).toMatch(/\(contract\/src\/desks\/lending\/(index|vocabulary)\.ts\)$/);
  });

  test('each by itself, where all is', () => {
    const nothing = { ...(payments as Part), schemas: {}, vocabulary: { ...payments.vocabulary, fields: {} } as never };
    expect(forgottenIn(nothing).length).toBeGreaterThan(10);
    expect(DESKS.length).toBeGreaterThan(1);
  });
});
