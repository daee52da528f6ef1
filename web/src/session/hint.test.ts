import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { noteExpiry, noteLeaving, noteLogOut, noteSession, onSessionChangeElsewhere, ownerOfPage } from './hint.ts';

/** What the other tab wrote, as the browser tells it. */
function elsewhere(newValue: string | null): string[] {
  const heard: string[] = [];
  const tab = new EventTarget();
  onSessionChangeElsewhere({ left: () => heard.push('left'), loggedIn: () => heard.push('logged in') }, tab);
  tab.dispatchEvent(Object.assign(new Event('storage'), { key: 'millrace-has-session', newValue }));
  return heard;
}

beforeEach(() => noteLogOut());
afterEach(() => vi.unstubAllGlobals());

test('a session that has expired ends no other tab, which waits for the log-in', () => {
  noteSession('usr_1');
  expect(elsewhere('expired')).toEqual([]);
  expect(elsewhere('usr_1')).toEqual(['logged in']);
});

test('a log-out, and a log-in of another user, end the other tabs', () => {
  noteSession('usr_1');
  expect(elsewhere(null)).toEqual(['left']);
  expect(elsewhere('usr_2')).toEqual(['left']);
});

test('a visitor’s page stays, no matter who comes and goes', () => {
  expect([...elsewhere('usr_2'), ...elsewhere(null)]).toEqual([]);
});

test('whose page it is stays known when the session has expired', () => {
  noteSession('usr_1');
  noteExpiry();
  expect(ownerOfPage()).toBe('usr_1');
});

test('a page that slept while another user logged in, or this one logged out, leaves when it is shown again', () => {
  const storage = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => storage.get(name) ?? null,
    setItem: (name: string, value: string) => storage.set(name, value),
    removeItem: (name: string) => storage.delete(name),
  });
  const tab = new EventTarget();
  let left = 0;
  onSessionChangeElsewhere({ left: () => (left += 1), loggedIn: () => {} }, tab);
  const show = (noted: string): number => {
    storage.set('millrace-has-session', noted);
    tab.dispatchEvent(new Event('pageshow'));
    return left;
  };
  expect(show('usr_2')).toBe(0);
  noteSession('usr_1');
  expect([show('usr_1'), show('expired'), show('usr_2')]).toEqual([0, 0, 1]);
  // Who is about to log out here does not speak for the other one.
  noteLeaving();
  expect(storage.get('millrace-has-session')).toBe('usr_2');
  storage.clear();
  tab.dispatchEvent(new Event('focus'));
  expect(left).toBe(2);
});
