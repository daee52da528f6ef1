import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openProgressFile, openRejects } from './files.ts';
import { createProgressBar } from './progress-bar.ts';
import { addOutcome, emptySummary, type LineOutcome, renderSummary } from './summary.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-submit-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const rejected = (line: number): LineOutcome => ({
  line,
  status: 'rejected',
  reason: 'insufficient_funds',
  detail: null,
  input: { line },
});
const accepted = (line: number): LineOutcome => ({ line, status: 'completed', reason: null, detail: null, input: {} });

test('a run goes on where it was saved, another run begins at the start, and the end leaves no file', () => {
  const path = join(folder, 'x.progress');
  const first = openProgressFile(path, 'run-1');
  expect(first.start.line).toBe(0);
  const summary = emptySummary();
  addOutcome(summary, rejected(7));
  first.save({ run: 'run-1', line: 7, summary, rejects_bytes: 12 }, true);
  expect(openProgressFile(path, 'run-1').start).toEqual({ run: 'run-1', line: 7, summary, rejects_bytes: 12 });
  expect(openProgressFile(path, 'run-2').start).toMatchObject({ line: 0, rejects_bytes: 0 });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  first.remove();
  expect(existsSync(path)).toBe(false);
});

test.each(['', '{', 'null', '{"run":"run-1"}', '{"run":"run-1","line":"7"}'])(
  'a damaged progress file (%j) is none',
  (text) => {
    const path = join(folder, 'x.progress');
    writeFileSync(path, text);
    expect(openProgressFile(path, 'run-1').start.line).toBe(0);
  },
);

test('rejects hold what was not accepted, and a resumed run writes again what came after its last save', () => {
  const path = join(folder, 'rejects');
  const first = openRejects(path, 0);
  first.write([accepted(1), rejected(2)]);
  const saved = first.bytes();
  first.write([rejected(3)]);
  first.close();
  const second = openRejects(path, saved);
  second.write([rejected(3), rejected(4)]);
  expect(second.bytes()).toBe(statSync(path).size);
  second.close();
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  expect(lines.map((text) => JSON.parse(text).line)).toEqual([2, 3, 4]);
});

test('a rejects file that was removed meanwhile is begun again', () => {
  const again = openRejects(join(folder, 'rejects'), 500);
  again.write([rejected(1)]);
  expect(again.bytes()).toBe(statSync(join(folder, 'rejects')).size);
  again.close();
});

test('the summary counts by status and reason, and names the first lines that were not accepted', () => {
  const summary = emptySummary();
  for (let line = 1; line <= 30; line += 1) addOutcome(summary, line % 10 === 0 ? accepted(line) : rejected(line));
  expect(summary).toMatchObject({ lines: 30, accepted: 3, not_accepted: 27 });
  expect(summary.outcomes).toEqual([
    { status: 'rejected', reason: 'insufficient_funds', count: 27 },
    { status: 'completed', reason: null, count: 3 },
  ]);
  expect(summary.first_not_accepted).toHaveLength(20);
  const text = renderSummary(summary);
  expect(text).toContain('… and 7 more');
  expect(text).toMatch(/rejected +insufficient_funds +27/);
});

test('the progress bar draws over itself on a terminal, and writes now and then to a file', () => {
  const summary = { ...emptySummary(), lines: 50, not_accepted: 2 };
  const write = (isTTY: boolean): string => {
    let text = '';
    let now = 0;
    const stream = { isTTY, columns: 80, write: (part: string) => (text += part) };
    const bar = createProgressBar(stream, () => now);
    for (let count = 0; count < 3; count += 1) {
      now += 6_000;
      bar.update(summary, 0.5);
    }
    bar.end();
    return text;
  };
  const drawn = write(true);
  expect(drawn).toContain('50 %');
  expect(drawn).toContain('2 not accepted');
  expect(drawn).not.toContain('\n');
  expect(drawn.endsWith('\r\u001b[K')).toBe(true);
  expect(write(false).split('\n').filter(Boolean)).toHaveLength(1);
});
