import { describe, expect, it } from 'vitest';
import { COMMON_PASSWORDS } from './common-passwords.ts';
import { brokenPasswordRules } from './passwords.ts';

const OWNER = { email: 'ann.miller@example.org', name: 'Ann Miller' };
const broken = (password: string): string[] => brokenPasswordRules(password, OWNER, COMMON_PASSWORDS);

describe('a new password', () => {
  it.each([
    ['mill-stream-7', []],
    ['the river at the mill', []],
    ['ключ от мельницы', []],
    ['鍵🗝は水車小屋の中', []],
    ['short', ['length']],
    ['x'.repeat(201), ['length', 'variety']],
    ['aaaaaaaa', ['variety']],
    ['aaaabbbb', ['variety']],
    ['abababababab', ['variety']],
    ['7mill7mill7mill', ['variety']],
    ['mill-mill-', ['variety']],
    ['ghijklmnop', ['variety']],
    ['876543210987', []],
    ['98765432', ['variety']],
    ['password1', ['common']],
    ['PassWord123', ['common']],
    ['ｑwertyuiop', ['common']],
    ['corvette', ['common']],
    ['qazwsxedc', ['common']],
    ['zaq12wsx', ['common']],
    ['motdepasse', ['common']],
    ['Ann.Miller@Example.org', ['personal']],
    ['ann.miller1', ['personal']],
    ['Miller-2026', ['personal']],
    ['millerann', ['personal']],
    ['miller has a red mill', []],
    ['12345678', ['variety', 'common']],
  ])('%s breaks %j', (password, rules) => {
    expect(broken(password)).toEqual(rules);
  });

  it('is compared with a list of ten thousand', () => {
    expect(COMMON_PASSWORDS.trim().split(/\s+/).length).toBeGreaterThanOrEqual(10_000);
  });
});
