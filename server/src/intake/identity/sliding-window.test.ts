import { describe, expect, it } from 'vitest';
import { settableClock } from '../../core/clock.ts';
import { createSlidingWindow } from './sliding-window.ts';

const windowOf = (limit: number, keysMax = 100) => {
  const clock = settableClock(1_000_000);
  return { clock, window: createSlidingWindow({ clock, windowMs: 60_000, limit, keysMax }) };
};

describe('a sliding window', () => {
  it('has room up to the limit, for each key by itself', () => {
    const { window } = windowOf(2);
    window.count('a');
    expect(window.secondsUntilRoom('a')).toBe(0);
    window.count('a');
    expect(window.secondsUntilRoom('a')).toBe(60);
    expect(window.secondsUntilRoom('b')).toBe(0);
  });

  it('slides: room comes back one by one, as each counted moment leaves it', () => {
    const { clock, window } = windowOf(2);
    window.count('a');
    clock.advance(40_000);
    window.count('a');
    expect(window.secondsUntilRoom('a')).toBe(20);
    clock.advance(19_999);
    expect(window.secondsUntilRoom('a')).toBe(1);
    clock.advance(1);
    expect(window.secondsUntilRoom('a')).toBe(0);
    window.count('a');
    expect(window.secondsUntilRoom('a')).toBe(40);
  });

  it('is not prolonged by what is counted past the limit', () => {
    const { clock, window } = windowOf(1);
    window.count('a');
    clock.advance(59_000);
    for (let i = 0; i < 1000; i += 1) window.count('a');
    expect(window.secondsUntilRoom('a')).toBe(1);
    clock.advance(1000);
    expect(window.secondsUntilRoom('a')).toBe(0);
  });

  it('takes another limit for a key that may do more', () => {
    const { window } = windowOf(1);
    window.count('a', 3);
    window.count('a', 3);
    expect(window.secondsUntilRoom('a', 3)).toBe(0);
    window.count('a', 3);
    expect(window.secondsUntilRoom('a', 3)).toBe(60);
  });

  it('forgets the key that was quiet for longest, and remembers no more than its maximum', () => {
    const { window } = windowOf(1, 3);
    for (const key of ['a', 'b', 'c', 'd']) window.count(key);
    expect(['a', 'b', 'c', 'd'].map((key) => window.secondsUntilRoom(key))).toEqual([0, 60, 60, 60]);
  });

  it('never asks for more than a window, even where the clock was set back', () => {
    const { clock, window } = windowOf(1);
    window.count('a');
    clock.advance(-500_000);
    expect(window.secondsUntilRoom('a')).toBe(60);
  });
});
