import { expect, test } from 'vitest';
import { readOrder as read, type Typed } from './money-order.ts';

const dollars = { asset: 'USD', balance: '10.00' };
const NOTHING: Typed = { amount: '', toUser: '', merchant: '', item: '' };
const readOrder = (kind: Parameters<typeof read>[0], typed: Partial<Typed>, account: typeof dollars) =>
  read(kind, { ...NOTHING, ...typed }, account);
const friend = 'usr_01a1ff27-efd3-7000-b3a4-eddbc8802bf1';

test('what was typed becomes the order, exactly', () => {
  expect(readOrder('deposit', { amount: ' 1,250.5 ' }, dollars)).toEqual({
    ok: true,
    order: { kind: 'deposit', asset: 'USD', amount: '1250.50' },
  });
  expect(
    readOrder('transfer', { amount: '1', toUser: ` https://money.example/users/${friend.toUpperCase()} ` }, dollars),
  ).toEqual({
    ok: true,
    order: { kind: 'transfer', asset: 'USD', amount: '1.00', to_user: friend },
  });
});

test('each field says what is wrong with it', () => {
  const transfer = readOrder('transfer', { amount: '0,500', toUser: 'Ada' }, dollars);
  expect(transfer.ok ? {} : Object.keys(transfer.errors)).toEqual(['amount', 'toUser']);
  expect(readOrder('withdraw', { amount: '0' }, dollars)).toEqual({
    ok: false,
    errors: { amount: 'Enter an amount above zero, such as 25.00.' },
  });
  expect(readOrder('deposit', { amount: '1.5' }, { asset: 'JPY', balance: '10' })).toEqual({
    ok: false,
    errors: { amount: '“1.5” has 1 decimal place, and JPY has none.' },
  });
});

test('a payment names a merchant and what it is for', () => {
  expect(readOrder('pay', { amount: '7.5', merchant: 'acme', item: ' Nails ' }, dollars)).toEqual({
    ok: true,
    order: { kind: 'pay', merchant: 'acme', item: 'Nails', quantity: 1, price: '7.50', asset: 'USD' },
  });
  expect(readOrder('pay', { amount: 'x' }, dollars)).toMatchObject({
    errors: { amount: expect.any(String), merchant: 'Choose who is to be paid.', item: 'Say what you pay for.' },
  });
});
