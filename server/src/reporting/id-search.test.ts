import { expect, test } from 'vitest';
import { parseIdSearch } from './id-search.ts';

test.each([
  ['ord_0190abcd', 'ord', '0190abcd-0000-0000-0000-000000000000', '0190abcd-ffff-ffff-ffff-ffffffffffff'],
  [' 0190ABCD-12 ', undefined, '0190abcd-1200-0000-0000-000000000000', '0190abcd-12ff-ffff-ffff-ffffffffffff'],
  [
    'usr_01900000-0000-7000-8000-000000000001',
    'usr',
    '01900000-0000-7000-8000-000000000001',
    '01900000-0000-7000-8000-000000000001',
  ],
  ...[
    ' USR_01900000-0000-7000-8000-000000000001\n',
    'https://money.example/operate/users/usr_01900000-0000-7000-8000-000000000001?tab=keys#x',
    '<usr_01900000-0000-7000-8000-000000000001>',
  ].map((text): [string, string, string, string] => [
    text,
    'usr',
    '01900000-0000-7000-8000-000000000001',
    '01900000-0000-7000-8000-000000000001',
  ]),
])('%s is the beginning of ids', (text, prefix, from, to) => {
  expect(parseIdSearch(text)).toEqual({ prefix, from, to });
});

test.each(['', '0190abc', 'ann', 'ord_', '0190abcdx', 'a'.repeat(33), '%', 'usr-0190abcd', '--------'])(
  '%j is no id',
  (text) => {
    expect(parseIdSearch(text)).toBeUndefined();
  },
);
