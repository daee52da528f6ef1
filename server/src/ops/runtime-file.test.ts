import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type RuntimeInfo,
  readLiveRuntimeFile,
  readRuntimeFile,
  removeRuntimeFile,
  runtimePath,
  writeRuntimeFile,
} from './runtime-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-runtime-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const info: Omit<RuntimeInfo, 'process_start'> = {
  pid: process.pid,
  http: 'http://127.0.0.1:3000',
  grpc: null,
  data: '/data',
  ready_at: '2026-11-21T10:00:00.000Z',
  demo: { users: [{ role: 'investor', email: 'a@b', password: 'c' }], service_key: 'mrk_1', borrowers: ['usr_1'] },
};

test('what a server writes is read back, by its own user only, and nothing else is left', () => {
  writeRuntimeFile(folder, info);
  expect(readRuntimeFile(folder)).toMatchObject(info);
  expect(statSync(runtimePath(folder)).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['runtime.json']);
});

test.each(['', '{', '[]', '{"pid":1}', JSON.stringify({ ...info, process_start: 'x', demo: {} })])(
  'a damaged file (%j) is none',
  (text) => {
    writeFileSync(runtimePath(folder), text);
    expect(readRuntimeFile(folder)).toBeUndefined();
  },
);

test('a server removes its own file and not that of the next one', () => {
  expect(readRuntimeFile(folder)).toBeUndefined();
  removeRuntimeFile(folder, process.pid);
  writeRuntimeFile(folder, info);
  removeRuntimeFile(folder, process.ppid);
  expect(readRuntimeFile(folder)).toMatchObject(info);
  removeRuntimeFile(folder, process.pid);
  expect(readRuntimeFile(folder)).toBeUndefined();
});

test('a server that was killed has left its file behind, and is not taken for the process that has its id now', () => {
  writeRuntimeFile(folder, info);
  expect(readLiveRuntimeFile(folder)).toMatchObject(info);
  const left = { ...info, process_start: 'another start' };
  writeFileSync(runtimePath(folder), JSON.stringify(left));
  expect([readRuntimeFile(folder), readLiveRuntimeFile(folder)]).toEqual([left, undefined]);
});
