import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { expect, it } from 'vitest';
import { fieldFaults } from './faults.ts';

const validator = Compile(
  Type.Object(
    {
      amount: Type.Union([Type.String({ pattern: '^[0-9]+$' }), Type.Number({ exclusiveMinimum: 0 })]),
      count: Type.Optional(Type.Integer({ minimum: 1 })),
      grade: Type.Optional(Type.Enum(['A', 'B'])),
      tags: Type.Optional(Type.Array(Type.String({ maxLength: 3 }))),
    },
    { additionalProperties: false },
  ),
);

const faultsOf = (value: unknown) => fieldFaults(validator.Errors(value));

it('points to a missing field by its name', () => {
  expect(faultsOf({})).toEqual([{ pointer: '/amount', detail: 'is required' }]);
});

it('names a field with several forms once', () => {
  expect(faultsOf({ amount: 'x' })).toEqual([{ pointer: '/amount', detail: 'has none of the allowed forms' }]);
});

it('names each unknown field, escaped as JSON pointers are', () => {
  expect(faultsOf({ amount: 1, 'a/b~c': 1, d: 2 })).toEqual([
    { pointer: '/a~1b~0c', detail: 'is not known here' },
    { pointer: '/d', detail: 'is not known here' },
  ]);
});

it('points into arrays, and lists the values of a short enumeration', () => {
  expect(faultsOf({ amount: 1, grade: 'C', tags: ['ok', 'too long'] })).toEqual([
    { pointer: '/grade', detail: 'must be one of A, B' },
    { pointer: '/tags/1', detail: expect.stringContaining('3') },
  ]);
});

it('names some of very many unknown fields, and cuts long names', () => {
  const fields = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`${n}`.repeat(1000), 1]));
  const faults = faultsOf({ amount: 1, ...fields });
  expect(faults.length).toBeGreaterThan(0);
  expect(faults.length).toBeLessThan(20);
  for (const { pointer } of faults) expect(pointer.length).toBeLessThanOrEqual(200);
});
