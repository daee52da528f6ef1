import { expect, test } from 'vitest';
import { knowPages } from '../../things/index.ts';
import { section } from './index.ts';
import { pageOf, shortId } from './words.ts';

knowPages(section.pages);

test('an id is shortened to what tells it from its neighbours', () => {
  expect(shortId('usr_01900000-0000-7000-8000-0000deadbeef')).toBe('usr_…deadbeef');
  expect(shortId('installation')).toBe('installation');
});

test('an id leads to the page of what it names', () => {
  expect(pageOf('usr_1')).toBe('/operate/users/usr_1');
  expect(pageOf('acc_1')).toBe('/operate/ledger/acc_1');
  expect(pageOf('merchant_1')).toBeUndefined();
  expect(pageOf('installation')).toBeUndefined();
});
