import { beforeEach, expect, test } from 'vitest';
import { isSomebodysPage, noteExpiry, noteLogOut, noteSession, onSessionChangeElsewhere } from './hint.ts';

/** What the other tab wrote, as the browser tells it. */
function elsewhere(newValue: string | null): string[] {
  const heard: string[] = [];
  const tab = new EventTarget();
  onSessionChangeElsewhere({ left: () => heard.push('left'), loggedIn: () => heard.push('logged in') }, tab);
  tab.dispatchEvent(Object.assign(new Event('storage'), { key: 'millrace-has-session', newValue }));
  return heard;
}

beforeEach(() => noteLogOut());

test('a session that has expired ends no other tab, which waits for the log-in', () => {
  noteSession('usr_1');
  expect(elsewhere('expired')).toEqual([]);
  expect(elsewhere('usr_1')).toEqual(['logged in']);
});

test('a log-out, and a log-in of somebody else, end the other tabs', () => {
  noteSession('usr_1');
  expect(elsewhere(null)).toEqual(['left']);
  expect(elsewhere('usr_2')).toEqual(['left']);
});

test('a visitor’s page stays, whoever comes and goes', () => {
  expect([...elsewhere('usr_2'), ...elsewhere(null)]).toEqual([]);
});

test('whose page it is stays known when the session has expired', () => {
  noteSession('usr_1');
  noteExpiry();
  expect(isSomebodysPage()).toBe(true);
});
