import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXIT_CODES } from './failure.ts';

const page = readFileSync(new URL('../../docs/reference/cli.md', import.meta.url), 'utf8');

test('the documentation has the same exit codes', () => {
  const table = page.slice(page.indexOf('## Exit codes'), page.indexOf('## The server'));
  const documented = [...table.matchAll(/^\| (\d+) \| `(\w+)` \| (.*) \|$/gm)].map(([, code, name, meaning]) => [
    name,
    { code: Number(code), meaning },
  ]);
  expect(Object.fromEntries(documented)).toEqual(EXIT_CODES);
});

test('no two exits share a code', () => {
  const codes = Object.values(EXIT_CODES).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
});
