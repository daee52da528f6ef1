import { describe, expect, it } from 'vitest';
import { readEmail, readName, readNewUser, readPassword } from './inputs.ts';

const faultsOf = (input: Parameters<typeof readNewUser>[0]): string[] => {
  const read = readNewUser(input);
  return read.ok ? [] : (read.problem.errors ?? []).map(({ pointer }) => pointer);
};

describe('an e-mail address', () => {
  it('is kept as given and compared in one form, whatever the case or the width of its letters', () => {
    expect(readEmail('Ann.Example@Example.ORG')).toEqual({
      given: 'Ann.Example@Example.ORG',
      key: 'ann.example@example.org',
    });
    expect(readEmail('ａnn@example.org')?.key).toBe('ann@example.org');
    expect(readEmail('ZOË@example.org')?.key).toBe(readEmail('zoe\u0308@example.org')?.key);
  });

  it.each([
    ['no @', 'ann.example.org'],
    ['two @', 'ann@home@example.org'],
    ['a wide @ that becomes a second one', 'ann＠home@example.org'],
    ['nothing but what is not seen before the @', '\u200b@example.org'],
    ['nothing before the @', '@example.org'],
    ['nothing after the @', 'ann@'],
    ['a space', 'ann smith@example.org'],
    ['a no-break space', 'ann\u00a0smith@example.org'],
    ['a NUL byte', 'ann\u0000@example.org'],
    ['a line break', 'ann@example.org\r\nBcc: x@example.org'],
    ['a lone surrogate', 'ann\ud800@example.org'],
    ['255 characters', `${'a'.repeat(243)}@example.org`],
    ['a character that becomes eighteen', `${'\ufdfa'.repeat(100)}@example.org`],
    ['a megabyte', `${'a'.repeat(1_000_000)}@example.org`],
    ['no text', 17],
  ])('is refused with %s', (_, text) => {
    expect(readEmail(text)).toBeUndefined();
  });

  const SAME = [
    'ann@example.org',
    '  ANN@Example.ORG\r\n',
    'ａｎｎ＠ｅｘａｍｐｌｅ．ｏｒｇ',
    'ann﹫example。org',
    '\u00a0ann@example.org\u3000',
    'ann\u200b@example.org',
    '\u202aann@example.org\u202c',
    'a\u00adnn@example.org',
    'ann\u034f@example.org',
    'ann\ufe0f@example.org',
    '\u3164ann@example.org',
    'ann@example.org.',
    'ann@example\u3002org\u3002',
  ];
  it.each(SAME)('%j is the address that it looks like', (text) => {
    expect(readEmail(text)?.key).toBe('ann@example.org');
    expect(readEmail(text)?.given.toLowerCase()).toBe('ann@example.org');
  });

  it.each([
    ['\u0430nn@example.org', true],
    ['ann@ex\u0430mple.org', true],
    ['\u03bfscar@example.org', true],
    ['\u043e\u0441\u043e@example.org', true],
    ['анна@пример.рф', false],
    ['анна@example.org', false],
    ['νίκος@example.org', false],
    ['zoë.łódź@example.org', false],
    ['王@例え.jp', false],
  ])('%s looks like another one: %s', (email, isRefused) => {
    expect(faultsOf({ email, name: 'Ann' })).toEqual(isRefused ? ['/email'] : []);
    // One who has it already goes on to log in.
    expect(readEmail(email)).toBeDefined();
  });

  it('may have 254 characters', () => {
    expect(readEmail(`${'a'.repeat(242)}@example.org`)).toBeDefined();
  });
});

describe('a password', () => {
  it('is normalised, so that the same characters typed on another system are the same password', () => {
    expect(readPassword('cafe\u0301-au-lait')).toBe(readPassword('caf\u00e9-au-lait'));
    expect(readPassword('ｐａｓｓ-phrase')).toBe('pass-phrase');
  });

  it('has 8 to 200 characters, counted as people count them', () => {
    expect(readPassword('1234567')).toBeUndefined();
    expect(readPassword('12345678')).toBeDefined();
    expect(readPassword('🔑'.repeat(7))).toBeUndefined();
    expect(readPassword('🔑'.repeat(200))).toBeDefined();
    expect(readPassword('🔑'.repeat(201))).toBeUndefined();
    expect(readPassword('x'.repeat(1_000_000))).toBeUndefined();
  });

  it('may hold spaces and NUL bytes, but no lone surrogate, which would be the same as every other one', () => {
    expect(readPassword('correct horse \u0000 battery')).toBe('correct horse \u0000 battery');
    expect(readPassword('correct horse \ud800')).toBeUndefined();
  });
});

describe('a name', () => {
  it('is trimmed and may be of any script', () => {
    expect(readName('  Zoë 王 👩‍🚀 ')).toBe('Zoë 王 👩‍🚀');
  });

  it('is what is seen of it', () => {
    expect(readName('Ann\u202e\u200b\nExample')).toBe('Ann Example');
  });

  it.each([
    ['empty', '   '],
    ['nothing to see', '\u200b\u202e'],
    ['a NUL byte', 'a\u0000b'],
    ['half a surrogate pair', 'a\ud800b'],
    ['201 characters', 'é'.repeat(201)],
    ['a megabyte', 'x'.repeat(1_000_000)],
    ['no text', null],
  ])('is refused: %s', (_, text) => {
    expect(readName(text)).toBeUndefined();
  });
});

describe('a new user', () => {
  it('has every field at fault named at once', () => {
    expect(faultsOf({ email: 'x', name: '', password: 'short' })).toEqual(['/email', '/name', '/password']);
    expect(faultsOf({ email: 'ann@example.org', name: 'Ann', password: 'mill-stream-7' })).toEqual([]);
  });

  it('has no password that equals the e-mail address, in any case', () => {
    expect(faultsOf({ email: 'Ann@example.org', name: 'Ann', password: 'aNN@Example.org' })).toEqual(['/password']);
  });

  it('has none of the most common passwords, in any case', () => {
    expect(faultsOf({ email: 'ann@example.org', name: 'Ann', password: 'PassWord123' })).toEqual(['/password']);
    expect(faultsOf({ email: 'ann@example.org', name: 'Ann', password: 'ｑwertyuiop' })).toEqual(['/password']);
  });

  it('has no password of hardly any characters', () => {
    expect(faultsOf({ email: 'ann@example.org', name: 'Ann', password: 'aaaaaaaaaaaa' })).toEqual(['/password']);
  });

  it('has no password that is little more than its name', () => {
    expect(faultsOf({ email: 'ann@example.org', name: 'Ann Miller', password: 'Miller2026' })).toEqual(['/password']);
  });

  it('needs no password where none is meant', () => {
    expect(faultsOf({ email: 'ann@example.org', name: 'Ann' })).toEqual([]);
  });
});
