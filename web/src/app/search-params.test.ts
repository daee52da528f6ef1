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
