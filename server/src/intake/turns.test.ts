import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

test('one at a time under a name, in order; other names do not wait', async () => {
  const turns = createTurns();
  const done: string[] = [];
  const first = await turns.take('a');
  const others = ['second', 'third'].map(async (name) => {
    const end = await turns.take('a');
    done.push(name);
    end?.();
  });
  (await turns.take('b'))?.();
  done.push('first');
  first?.();
  await Promise.all(others);
  expect(done).toEqual(['first', 'second', 'third']);
  expect(await turns.take('a')).toBeDefined();
});

test('who has waited as long as one may, or finds too many waiting, gets no turn; those behind still get theirs', async () => {
  const turns = createTurns({ waitingMax: 1, waitMsMax: 1 });
  const first = await turns.take('a');
  const second = turns.take('a');
  expect(await turns.take('a')).toBeUndefined();
  expect(await second).toBeUndefined();
  const patient = createTurns({ waitingMax: 1 });
  const held = await patient.take('a');
  const next = patient.take('a');
  held?.();
  expect(await next).toBeDefined();
  first?.();
  expect(await turns.take('a')).toBeDefined();
});
