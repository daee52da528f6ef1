import { expect, test, vi } from 'vitest';
import { markSeen, onSeen, seenUntil } from './seen.ts';

class StorageEventLike extends Event {
  readonly key: string;
  readonly newValue: string;
  constructor(key: string, newValue: string) {
    super('storage');
    this.key = key;
    this.newValue = newValue;
  }
}

const target = new EventTarget();
vi.stubGlobal('addEventListener', target.addEventListener.bind(target));
vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target));

test('what was seen stays seen, whatever is looked at later', () => {
  markSeen('usr_1', '2026-11-21T12:00:01Z');
  markSeen('usr_1', '2026-11-21T12:00:00Z');
  expect(seenUntil('usr_1')).toBe('2026-11-21T12:00:01Z');
  expect(seenUntil('usr_2')).toBeNull();
});

test('what another tab has seen is seen here', () => {
  let told = 0;
  const stop = onSeen(() => {
    told += 1;
  });
  target.dispatchEvent(new StorageEventLike('millrace-seen-usr_1', '2026-11-21T12:00:05Z'));
  expect([seenUntil('usr_1'), told]).toEqual(['2026-11-21T12:00:05Z', 1]);
  target.dispatchEvent(new StorageEventLike('something-else', 'x'));
  expect(told).toBe(1);
  stop();
});
