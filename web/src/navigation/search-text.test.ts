import { expect, test } from 'vitest';
import { arrived, type SearchText, searchTextOf, sent } from './search-text.ts';

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

test('an address that somebody else changed wins', () => {
  expect(arrived(typing(send(searchTextOf(''), 'roof'), 'roofs'), '')).toEqual(searchTextOf(''));
});

test('a text that the address has, or will have, is not sent again', () => {
  expect(sent(searchTextOf('roof'), 'roof')).toBeUndefined();
  expect(sent(send(searchTextOf(''), 'roof'), 'roof')).toBeUndefined();
});
