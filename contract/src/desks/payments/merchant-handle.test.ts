import { expect, test } from 'vitest';
import { MERCHANT_HANDLE, NEW_MERCHANT_HANDLE } from './merchant-handle.ts';

const UUID = '01a221ce-83b0-7167-89d1-c815ede9bca7';
const isNew = (handle: string): boolean => new RegExp(NEW_MERCHANT_HANDLE).test(handle);

test.each([
  'me',
  'null',
  'undefined',
  'installation',
  'merchant',
  UUID,
  `usr_${UUID}`,
  `merchant_${UUID}`,
  `loan_${UUID}`,
  'Shop',
  '',
])('no merchant is registered as “%s”, which means something else', (handle) => expect(isNew(handle)).toBe(false));

test.each(['corner-shop', 'me-too', 'meadow', 'null-island', 'tea_house', '7-eleven', `${UUID}-shop`, '01a221ce'])(
  'a merchant may be registered as “%s”',
  (handle) => expect([isNew(handle), new RegExp(MERCHANT_HANDLE).test(handle)]).toEqual([true, true]),
);

test('who was registered under such a handle before can still be paid', () => {
  expect(['me', UUID].map((handle) => new RegExp(MERCHANT_HANDLE).test(handle))).toEqual([true, true]);
});
