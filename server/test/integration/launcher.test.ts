import { expect, test } from 'vitest';
import { npmArguments } from '../../../scripts/install.mjs';
import { ageWarning, chooseNode, nodeTested } from '../../../scripts/runtime.mjs';

test('to start, the development dependencies are not installed; for tests they are added to what is there', () => {
  expect(npmArguments({ development: false, runs: false }).slice(0, 2)).toEqual(['ci', '--omit=dev']);
  expect(npmArguments({ development: true, runs: false }).slice(0, 2)).toEqual(['ci', '--include=dev']);
  expect(npmArguments({ development: true, runs: true })[0]).toBe('install');
});

test('a Node.js older than the one that was tested is said to be old', () => {
  expect(ageWarning('24.0.0')).toContain('security fixes');
  for (const version of [nodeTested, '24.22.0', '26.0.0']) expect(ageWarning(version)).toBeNull();
});

test.each([
  ['24.21.0', '20.0.0', { isOwn: true, version: '24.21.0' }],
  ['24.0.0', '24.22.1', { isOwn: false, version: '24.22.1' }],
  ['24.0.0', '22.9.9', { isOwn: true, version: '24.0.0' }],
  [null, '26.1.0', { isOwn: false, version: '26.1.0' }],
  [null, '22.9.9', null],
])('with %s of the project’s own, run by %s', (own, running, chosen) => {
  expect(chooseNode(own, running)).toEqual(chosen);
});
