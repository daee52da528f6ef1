import { expect, test } from 'vitest';
import { drawnAmount } from './drawn.ts';

test('what a bar stands for is said with the places that its asset has', () => {
  const item = (interest: string) => ({ dataKey: 'drawn.interest', payload: { interest, drawn: { interest: 0 } } });
  expect(drawnAmount(item('1200'), 'JPY')).toBe('¥1,200');
  expect(drawnAmount(item('0.12345678'), 'BTC')).toBe('0.12345678\u00A0BTC');
  expect(drawnAmount(item('9007199254740993.05'), 'USD')).toBe('$9,007,199,254,740,993.05');
});
