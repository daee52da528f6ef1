import { expect, test } from 'vitest';
import { createActivity } from './activity.ts';

function start() {
  let ms = 5_000;
  const activity = createActivity(() => ms);
  return { activity, at: (next: number) => (ms = next) };
}

test('orders a second are the mean of the last ten whole seconds', () => {
  const { activity, at } = start();
  activity.orders(30);
  expect(activity.ordersPerSecond()).toBe(0);
  at(6_000);
  activity.orders(70);
  expect(activity.ordersPerSecond()).toBe(3);
  at(7_000);
  expect(activity.ordersPerSecond()).toBe(10);
  at(16_000);
  expect(activity.ordersPerSecond()).toBe(7);
  at(17_000);
  expect(activity.ordersPerSecond()).toBe(0);
});

test('the last minute’s batches have a mean size, and percentiles within five per cent', () => {
  const { activity, at } = start();
  expect(activity.batchSizeMean()).toBeNull();
  expect(activity.latency().commit).toEqual({ p50_ms: null, p99_ms: null });
  for (let i = 1; i <= 100; i += 1) activity.batch(i, i);
  at(6_000);
  expect(activity.batchSizeMean()).toBe(50.5);
  const { p50_ms, p99_ms } = activity.latency().commit;
  expect(Math.abs((p50_ms as number) / 50 - 1)).toBeLessThan(0.05);
  expect(Math.abs((p99_ms as number) / 99 - 1)).toBeLessThan(0.05);
  at(70_000);
  expect(activity.latency().commit).toEqual({ p50_ms: null, p99_ms: null });
  expect(activity.batchSizeMean()).toBeNull();
});

test('what took no time, or longer than is told apart, is counted at the ends', () => {
  const { activity } = start();
  activity.answered(0);
  expect(activity.latency().answer).toEqual({ p50_ms: 0.05, p99_ms: 0.05 });
  for (let i = 0; i < 9; i += 1) activity.answered(10_000_000);
  expect(activity.latency().answer.p99_ms).toBeGreaterThan(60_000);
});
