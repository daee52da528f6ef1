import { readFileSync } from 'node:fs';
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
