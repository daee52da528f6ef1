import { expect, test } from 'vitest';
import { arrived, fitting, lookedFor, type SearchText, searchTextOf, sent } from './search-text.ts';

const typing = (state: SearchText, typed: string): SearchText => ({ ...state, typed });
const send = (state: SearchText, text: string): SearchText => sent(typing(state, text), text) ?? state;

test('what comes back from the address leaves what was typed since', () => {
  const state = typing(send(searchTextOf(''), 'roof'), 'roofs');
  expect(arrived(state, 'roof')).toEqual({ typed: 'roofs', address: 'roof', underWay: [] });
});

test('an address that is late, or leaves a text out, takes nothing back', () => {
  const state = send(send(searchTextOf(''), 'r'), 'ro');
  expect(arrived(state, 'r').typed).toBe('ro');
  expect(arrived(arrived(state, 'r'), 'ro')).toEqual(searchTextOf('ro'));
  expect(arrived(state, 'ro')).toEqual(searchTextOf('ro'));
});

test('an address that something else changed wins', () => {
  expect(arrived(typing(send(searchTextOf(''), 'roof'), 'roofs'), '')).toEqual(searchTextOf(''));
});

test('a text that the address has, or will have, is not sent again', () => {
  expect(sent(searchTextOf('roof'), 'roof')).toBeUndefined();
  expect(sent(send(searchTextOf(''), 'roof'), 'roof')).toBeUndefined();
});

const USER = 'usr_0192abcd-0000-7000-8000-00000000beef';
test.each([
  [`  ${USER.toUpperCase()}\n`, USER],
  [`https://money.example/${'long/'.repeat(40)}operate/users/${USER}?tab=keys#x`, USER],
  [`“${USER}”, please`, USER],
  [`${USER} ${USER.replace('beef', 'cafe')}`, `${USER} ${USER.replace('beef', 'cafe')}`],
  [' Ann\tLee ', 'Ann Lee'],
  ['662e41', '662e41'],
  ['x'.repeat(300), 'x'.repeat(100)],
])('%j looks for %j', (typed, text) => {
  expect(lookedFor(typed)).toBe(text);
});

test('a list’s options are found as the server finds', () => {
  const options = [{ label: 'Café Zoë' }, { label: 'Straße' }, { label: 'Boat' }];
  expect(fitting({ options, search: ' CAFE' })).toEqual([options[0]]);
  expect(fitting({ options, search: 'strasse' })).toEqual([options[1]]);
  expect(fitting({ options, search: '' })).toEqual(options);
});
