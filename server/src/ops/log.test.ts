import { expect, test } from 'vitest';
import { createCalm } from './log.ts';

const withCode = (code: string): Error => Object.assign(new Error(`about row ${Math.random()}`), { code });

test('a cause is told once in a minute, then how often it came; another has a line of its own', () => {
  const minutes: (() => void)[] = [];
  const told: object[] = [];
  const calm = createCalm((run) => minutes.push(run));
  const line = (err: unknown, request: number) =>
    calm({ fields: { err, request_id: `req_${request}` }, message: 'a request failed' }, (fields) => told.push(fields));
  const written = [];
  for (let i = 0; i < 1_000; i += 1) written.push(line(withCode('53100'), i));
  expect(written).toEqual([true, ...Array<boolean>(999).fill(false)]);
  expect(line(withCode('25006'), 0)).toBe(true);
  expect(line(new Error('ours'), 0)).toBe(true);
  minutes.forEach((end) => end());
  const request_ids = Array.from({ length: 20 }, (_, i) => `req_${i + 1}`);
  expect(told).toEqual([{ repeated: 999, cause: '53100', request_ids }]);
  expect(line(withCode('53100'), 0)).toBe(true);
});

test('a line that is about no error is always written', () => {
  const calm = createCalm(() => undefined);
  const line = () => calm({ fields: {}, message: 'migrated' }, () => undefined);
  expect([line(), line()]).toEqual([true, true]);
});
