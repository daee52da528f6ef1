import { REASONS, type Reason } from '@millrace/contract/vocabulary';
import { describe, expect, test } from 'vitest';
import { reasonWords } from './reasons.ts';

describe('reasons', () => {
  test.each(Object.keys(REASONS) as Reason[])('%s is said in plain words, with what to do', (reason) => {
    const { title, advice } = reasonWords(reason);
    expect(title).toMatch(/^[A-Z].*\.$/);
    expect(advice).toMatch(/^[A-Z].*\.$/);
    expect(title + advice).not.toContain('_');
  });

  test('that this page does not know yet are shown as they are', () => {
    expect(reasonWords('moon_is_full' as Reason)).toEqual({ title: 'moon is full.', advice: '' });
  });
});
