import { expect, test } from 'vitest';
import { knowPages, pageOf } from './registry.ts';

knowPages([
  { path: '/console/keys/$keyId', audience: ['operator'], shows: 'key' },
  { path: '/keys/$keyId', audience: ['investor', 'operator'], shows: 'key' },
  { path: '/keys', audience: ['investor'] },
]);

test('an id leads to the first page of its kind that the person sees', () => {
  expect(pageOf('key_1', 'operator')).toBe('/console/keys/key_1');
  expect(pageOf('key_1', 'investor')).toBe('/keys/key_1');
});

test('what no page shows, or none to this person, leads nowhere', () => {
  expect(pageOf('key_1', 'service')).toBeUndefined();
  expect(pageOf('key_1', undefined)).toBeUndefined();
  expect(pageOf('dl_1', 'operator')).toBeUndefined();
  expect(pageOf('no id', 'operator')).toBeUndefined();
});
