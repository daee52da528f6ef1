import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHANNELS, channelName, EVERYBODY } from '@millrace/contract';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from './program.ts';

const page = readFileSync(new URL('../../docs/reference/cli.md', import.meta.url), 'utf8');
const program = createProgram({ act: async () => {} });

function leaves(command: Command, path: string): { path: string; command: Command }[] {
  if (command.commands.length === 0) return [{ path, command }];
  return command.commands.flatMap((child) => leaves(child, `${path} ${child.name()}`));
}

test.each(leaves(program, 'millrace'))('$path is documented with each of its options', ({ path, command }) => {
  const start = page.indexOf(`### \`${path}`);
  expect(start).toBeGreaterThan(0);
  const next = page.indexOf('\n##', start + 1);
  const section = page.slice(start, next < 0 ? undefined : next);
  for (const option of command.options) expect(section).toContain(option.long);
});

test('the options of every command are documented', () => {
  for (const option of program.options) expect(page).toContain(option.long);
});

test('the help of `events tail` names every channel, and every option of roles every role', () => {
  const options = new Map(leaves(program, 'millrace').map(({ path, command }) => [path, command.options]));
  const descriptionOf = (path: string, long: string) => options.get(path)?.find((option) => option.long === long);
  for (const [kind, entry] of Object.entries<Parameters<typeof channelName>[1]>(CHANNELS))
    expect(descriptionOf('millrace events tail', '--channel')?.description).toContain(channelName(kind, entry));
  expect(descriptionOf('millrace user create', '--role')?.argChoices).toEqual(EVERYBODY);
});

test('the launcher runs the program, also through the link that npm makes, and hands its exit code on', () => {
  const bin = fileURLToPath(new URL('../bin/millrace.mjs', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bin-'));
  const link = join(folder, 'millrace');
  symlinkSync(bin, link);
  for (const path of [bin, link]) {
    const help = spawnSync(process.execPath, [path, '--help'], { encoding: 'utf8' });
    expect([help.status, help.stdout]).toEqual([0, expect.stringContaining('Usage: millrace')]);
    expect(spawnSync(process.execPath, [path, 'nonsense']).status).toBe(2);
  }
  rmSync(folder, { recursive: true });
});
