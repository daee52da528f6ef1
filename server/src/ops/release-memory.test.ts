import { getHeapStatistics } from 'node:v8';
import { expect, test } from 'vitest';
import { releaseMemory } from './release-memory.ts';

const MEGABYTE = 1024 * 1024;

test('memory that is no longer needed is given back, and the collector stays out of reach', () => {
  let held: number[][] | undefined = Array.from({ length: 1_000 }, () => Array.from({ length: 10_000 }, Math.random));
  expect(held.length).toBe(1_000);
  const before = getHeapStatistics().total_physical_size;
  held = undefined;
  releaseMemory();
  expect(getHeapStatistics().total_physical_size).toBeLessThan(before - 50 * MEGABYTE);
  expect(globalThis).not.toHaveProperty('gc');
});
