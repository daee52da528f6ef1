import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

/** One line of the table: what was measured, and what the design asks for. */
export interface Line {
  what: string;
  value: string;
  /** The figure that is compared with the target: a ratio, or ms. */
  figure?: number;
  target?: { atLeast: number } | { atMost: number };
  note?: string;
}

export interface Machine {
  processor: string;
  cores: number;
  memoryGib: number;
  node: string;
  postgres: string;
  settings: Record<string, string>;
}

export function machineOf(postgres: string, settings: Record<string, string>): Machine {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    postgres,
    settings,
  };
}

export function renderTable(lines: readonly Line[]): string {
  const cells = lines.map((line) => [line.what, line.value, targetText(line), verdict(line), line.note ?? '']);
  const header = ['what', 'measured', 'target', '', ''];
  const widths = header.map((title, i) => Math.max(title.length, ...cells.map((row) => (row[i] as string).length)));
  const render = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i] as number))
      .join('  ')
      .trimEnd();
  return [render(header), widths.map((width) => '─'.repeat(width)).join('  '), ...cells.map(render)].join('\n');
}

function targetText({ target }: Line): string {
  if (!target) return '';
  return 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
}

/** Whether the target is met; empty for a line without one. */
export function verdict({ figure, target }: Line): string {
  if (!target || figure === undefined) return '';
  const met = 'atLeast' in target ? figure >= target.atLeast : figure <= target.atMost;
  return met ? 'met' : 'MISSED';
}

/** Writes the run beside the others and returns the file's path. */
export function writeResults(machine: Machine, lines: readonly Line[]): string {
  const folder = fileURLToPath(new URL('../results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const at = new Date().toISOString();
  const path = `${folder}${at.replaceAll(':', '-')}.json`;
  writeFileSync(path, `${JSON.stringify({ at, machine, lines }, null, 2)}\n`);
  return path;
}
