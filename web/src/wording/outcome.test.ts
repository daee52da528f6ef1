import { MillraceError } from '@millrace/client';
import { expect, test } from 'vitest';
import { isOutcomeUnknown } from './outcome.ts';

const errorOf = (code: MillraceError['code']) => new MillraceError({ code, detail: '' });

test('without an answer, or with one that says so, nobody knows whether an order was placed', () => {
  for (const code of ['connection_failed', 'timed_out', 'outcome_unknown'] as const)
    expect(isOutcomeUnknown(errorOf(code))).toBe(true);
  expect(isOutcomeUnknown(new Error('this page broke'))).toBe(true);
});

test('a refusal is a definite answer', () => {
  for (const code of ['invalid_amount', 'rate_limited', 'overloaded', 'unauthenticated', 'id_taken'] as const)
    expect(isOutcomeUnknown(errorOf(code))).toBe(false);
});
