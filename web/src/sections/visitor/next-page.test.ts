import { expect, test } from 'vitest';
import { pathAfter } from './next-page.ts';

test('after logging in one is back where one was, with filters', () => {
  expect(pathAfter('/loans?status=open&sort=rate')).toBe('/loans?status=open&sort=rate');
});

test('no link leads to another site, nor back to the log-in', () => {
  for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', undefined, 7])
    expect(pathAfter(next)).toBe('/');
  for (const next of ['/login', '/login?next=/loans', '/signup']) expect(pathAfter(next)).toBe('/');
});
