import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOf, searchOf } from './search-params.ts';

test.each([
  '662e41',
  '007',
  '1.50',
  'true',
  'null',
  '{"a":1}',
  '"quoted"',
  '50 % & more',
  'é',
  '+',
  '12345678901234567890',
])('a search of %s stays what it is', (search) => {
  expect(searchOf(addressOf({ search }))).toEqual({ search });
  expect(searchOf(`?search=${encodeURIComponent(search)}`)).toEqual({ search });
});

test('what is empty leaves the address', () => {
  expect(addressOf({ search: '', grade: undefined })).toBe('');
  expect(searchOf('?a=1&a=2&b=')).toEqual({ a: '1', b: '' });
});

test('whatever is typed anywhere stands there after a reload', () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1 }), fc.double().map(String), fc.json());
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'grapheme', minLength: 1 }), text, { maxKeys: 5 }), (search) => {
      // A name such as __proto__ is one like any other.
      expect(Object.entries(searchOf(addressOf(search)))).toEqual(Object.entries(search));
    }),
    { examples: [[JSON.parse('{"__proto__":"0"}') as Record<string, string>]] },
  );
});
