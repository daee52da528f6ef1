import { expect, test } from 'vitest';
import { isOwnerId, isUserId } from './ids.ts';

const UUID = '01900000-0000-7000-8000-0000DeadBeef';

test('an id of a user is told from what is none', () => {
  expect(isUserId(`usr_${UUID}`)).toBe(true);
  for (const text of ['', 'usr_x', UUID, `loan_${UUID}`, `usr_${UUID}0`, ` usr_${UUID}`])
    expect(isUserId(text)).toBe(false);
});

test('accounts belong to users, loans, merchants and the installation', () => {
  for (const text of [`usr_${UUID}`, `loan_${UUID}`, `merchant_${UUID}`, 'installation'])
    expect(isOwnerId(text)).toBe(true);
  for (const text of ['', 'me', `ord_${UUID}`, `installation_${UUID}`]) expect(isOwnerId(text)).toBe(false);
});
