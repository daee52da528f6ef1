import { QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCache } from './cache.ts';
import { eventView } from './late-reads.ts';

const KEY = ['loan', '1'];

/** A query that is looked at, whose every reading is answered by the test. */
function read() {
  const cache = createCache();
  const answers: ((value: string) => void)[] = [];
  const observer = new QueryObserver<string>(cache, {
    queryKey: KEY,
    queryFn: () => new Promise((resolve) => answers.push(resolve)),
  });
  observer.subscribe(() => {});
  const settle = () => vi.advanceTimersByTimeAsync(0);
  const answer = async (value: string): Promise<void> => {
    answers.at(-1)?.(value);
    await settle();
  };
  return { cache, events: eventView(cache), answers, answer, settle, shown: () => cache.getQueryData(KEY) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a first reading that an event overtakes is done once more', async () => {
  const { events, answers, answer, shown } = read();
  events.setQueriesData({ queryKey: ['loan'] }, (before?: string) => before && 'patched');
  await answer('old');
  expect(answers).toHaveLength(2);
  await answer('new');
  expect(shown()).toBe('new');
  expect(answers).toHaveLength(2);
});

test('a repeated reading that would take an event back is done once more', async () => {
  const { cache, events, answers, answer, shown } = read();
  await answer('first');
  void cache.invalidateQueries({ queryKey: KEY });
  events.setQueryData(KEY, 'patched');
  await answer('older than the patch');
  expect(answers).toHaveLength(3);
  await answer('newest');
  expect(shown()).toBe('newest');
});

test('what an event makes invalid while it is read for the first time is read again', async () => {
  const { events, answers, answer } = read();
  void events.invalidateQueries({ queryKey: ['loan'] });
  await answer('old');
  expect(answers).toHaveLength(2);
});

test('an event without a reading on its way costs none', async () => {
  const { events, answers, answer, shown, settle } = read();
  await answer('first');
  events.setQueryData(KEY, 'patched');
  events.setQueryData(['loan', '2'], 'another');
  await settle();
  expect(answers).toHaveLength(1);
  expect(shown()).toBe('patched');
});

test('events without a pause do not make it read without a pause', async () => {
  const { events, answers, answer } = read();
  for (let count = 0; count < 5; count += 1) {
    events.setQueryData(KEY, (before?: string) => before && 'patched');
    await answer('old');
  }
  expect(answers).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(answers).toHaveLength(3);
});
