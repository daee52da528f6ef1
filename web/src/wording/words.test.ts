import { KINDS, ORDER_KINDS as CONTRACT_KINDS } from '@millrace/contract';
import { TRANSFER_REASONS } from '@millrace/contract/vocabulary';
import { expect, test } from 'vitest';
import {
  kindLabel,
  ORDER_KINDS,
  PURPOSE_NAMES,
  purposeLabel,
  purposeWords,
  reasonLabel,
  wordsOfName,
} from './index.ts';

test('names become words', () => {
  expect(wordsOfName('collect_installment')).toBe('Collect installment');
});

test('kinds that can be ordered all have words', () => {
  expect(ORDER_KINDS.toSorted()).toEqual(CONTRACT_KINDS.toSorted());
});

test.each(Object.keys(KINDS))('%s has a name without an underscore', (kind) => {
  expect(kindLabel(kind)).toMatch(/^[A-Z][^_]+$/);
});

test('operators and investors call the same thing the same', () => {
  expect(kindLabel('fund_loan')).toBe('Investment');
  expect(kindLabel('toString')).toBe('ToString');
});

test('purposes and reasons are words, also those that are newer than the page', () => {
  for (const purpose of [...PURPOSE_NAMES, 'rainy_day']) expect(purposeLabel(purpose)).toMatch(/^[A-Z][^_]+$/);
  expect(purposeWords('notes')).toBe('loan notes');
  for (const reason of [...Object.keys(TRANSFER_REASONS), 'rain_check'])
    expect(reasonLabel(reason)).toMatch(/^[A-Z][^_]+$/);
});
