import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OpenDataFolder, openDataFolder } from './data-folder.ts';

const log = pino({ level: 'silent' });
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
let parent: string;
let folder: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'millrace-folder-'));
  folder = join(parent, 'data');
});
afterEach(() => rmSync(parent, { recursive: true }));

test('a new one is nobody else’s', () => {
  openDataFolder(folder, log);
  expect(modeOf(folder)).toBe(process.geteuid?.() === 0 ? '711' : '700');
});

test('one that others may write to is closed where it holds nothing but ours', () => {
  mkdirSync(join(folder, 'postgres'), { recursive: true });
  writeFileSync(join(folder, 'operator.key'), 'secret', { mode: 0o644 });
  writeFileSync(join(folder, 'runtime.json'), '{}', { mode: 0o666 });
  chmodSync(folder, 0o777);
  openDataFolder(folder, log);
  expect([folder, join(folder, 'operator.key'), join(folder, 'runtime.json')].map(modeOf)).toEqual([
    '755',
    '600',
    '600',
  ]);
});

test('one with other things in it is refused and left as it is', () => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'letter.txt'), 'dear');
  chmodSync(folder, 0o1777);
  expect(() => openDataFolder(folder, log)).toThrow(OpenDataFolder);
  expect(modeOf(folder)).toBe('777');
});

test('what others may only read is taken as it is, but for the secrets', () => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'letter.txt'), 'dear', { mode: 0o644 });
  writeFileSync(join(folder, 'demo-service.key'), 'secret', { mode: 0o640 });
  openDataFolder(folder, log);
  expect(existsSync(join(folder, 'letter.txt'))).toBe(true);
  expect(modeOf(join(folder, 'letter.txt'))).toBe('644');
  expect(modeOf(join(folder, 'demo-service.key'))).toBe('600');
});
