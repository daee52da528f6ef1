import { expect, test } from 'vitest';
import { settableClock } from '../core/clock.ts';
import { problem } from '../core/result.ts';
import type { Answer, Intake } from '../intake/intake.ts';
import type { DueCommand, DueSource as Source } from '../desks/module.ts';
import { createLog } from '../ops/log.ts';
import { submitDue } from './due.ts';

type DueSource = Pick<Source, 'due'>;

const done = { ok: true, replayed: false } as Answer;

function setUp(answer: (name: string) => Answer = () => done) {
  const names: string[] = [];
  const intake: Pick<Intake, 'submitInternal'> = {
    async submitInternal(_kind, name) {
      names.push(name);
      return answer(name);
    },
  };
  const clock = settableClock(1_000);
  const run = (...sources: DueSource[]) => submitDue({ sources, intake, clock, log: createLog('silent') });
  return { names, clock, run };
}

const command = (name: string): DueCommand => ({ kind: 'expire_loan', name, params: {}, place: name });

/** Names `perRound` new commands each time, until `total` were named. */
function backlog(total: number, perRound = Number.POSITIVE_INFINITY): DueSource & { asked: number } {
  let next = 0;
  return {
    asked: 0,
    async due(_at, limit) {
      this.asked += 1;
      const size = Math.min(limit, perRound, total - next);
      return Array.from({ length: size }, () => command(`n${next++}`));
    },
  };
}

test('asks again until nothing new is due, so that a long backlog is gone after one run', async () => {
  const { names, run } = setUp();
  const [many, chain] = [backlog(1_234), backlog(40, 1)];
  expect(await run(many, chain)).toEqual({ submitted: 1_274, failed: 0 });
  expect(names).toHaveLength(1_274);
});

test('a command that stays due whatever is decided is submitted once a run', async () => {
  const { names, run } = setUp();
  const stubborn: DueSource = { due: async () => [command('a'), command('b')] };
  expect(await run(stubborn)).toEqual({ submitted: 2, failed: 0 });
  expect(names).toEqual(['a', 'b']);
});

test('a source that never ends does not keep the run from ending', async () => {
  const { run } = setUp();
  const endless = backlog(Number.POSITIVE_INFINITY, 1);
  expect(await run(endless)).toEqual({ submitted: 200, failed: 0 });
  expect(endless.asked).toBe(200);
});

test('after a long stop a run does so much and no more, and says that something is left', async () => {
  const { names, clock } = setUp();
  const intake: Pick<Intake, 'submitInternal'> = {
    async submitInternal(_kind, name) {
      names.push(name);
      return done;
    },
  };
  const options = { intake, clock, log: createLog('silent'), runCommandsMax: 1_000 };
  const many = backlog(1_700);
  expect(await submitDue({ ...options, sources: [many] })).toEqual({ submitted: 1_000, failed: 0, isPartial: true });
  expect(await submitDue({ ...options, sources: [many] })).toEqual({ submitted: 700, failed: 0 });
  expect(new Set(names).size).toBe(1_700);
});

test('what is due is not submitted while the clock is not believed, from one round to the next', async () => {
  const { names, clock } = setUp();
  const intake: Pick<Intake, 'submitInternal'> = {
    async submitInternal(_kind, name) {
      names.push(name);
      return done;
    },
  };
  let looked = 0;
  const whyHeld = async () => {
    looked += 1;
    return looked < 3 ? null : 'gap';
  };
  const report = await submitDue({ sources: [backlog(9, 2)], intake, clock, log: createLog('silent'), whyHeld });
  expect(report).toEqual({ submitted: 4, failed: 0, isPartial: true, heldBy: 'gap' });
});

test('what is not taken is counted, ends the round, and does not keep other sources from their turn', async () => {
  const { names, run } = setUp((name) => (name === 'n1' ? problem('overloaded', 'full') : done));
  const full = backlog(10, 2);
  const other: DueSource = { due: async () => [command('other')] };
  expect(await run(full, other)).toEqual({ submitted: 2, failed: 1 });
  expect(names).toEqual(['n0', 'n1', 'other']);
});

test('ends with the round in progress when it is told to stop', async () => {
  const { names, clock } = setUp();
  const stop = new AbortController();
  const intake: Pick<Intake, 'submitInternal'> = {
    async submitInternal(_kind, name) {
      names.push(name);
      if (names.length === 3) stop.abort();
      return done;
    },
  };
  const options = { sources: [backlog(100, 5), backlog(100, 5)], intake, clock, log: createLog('silent') };
  expect(await submitDue(options, stop.signal)).toEqual({ submitted: 5, failed: 0 });
});

test('asks with the time of the business clock at each round', async () => {
  const { clock, run } = setUp();
  const times: number[] = [];
  await run({
    async due(at) {
      times.push(at);
      clock.advance(5);
      return times.length < 3 ? [command(`n${times.length}`)] : [];
    },
  });
  expect(times).toEqual([1_000, 1_005, 1_010]);
});

test('commands that change many rows are submitted in portions of bounded weight', async () => {
  let underWay = 0;
  const portions: number[] = [];
  const intake: Pick<Intake, 'submitInternal'> = {
    async submitInternal() {
      underWay += 1;
      await new Promise(setImmediate);
      if (underWay > 0) portions.push(underWay);
      underWay = 0;
      return done;
    },
  };
  const weights = [2_000, 2_000, 2_000, 9_000, 1, 1];
  const heavy: DueSource = { due: async () => weights.map((weight, i) => ({ ...command(`n${i}`), weight })) };
  const options = { sources: [heavy], intake, clock: settableClock(0), log: createLog('silent') };
  expect(await submitDue(options)).toEqual({ submitted: 6, failed: 0 });
  expect(portions).toEqual([2, 1, 1, 2]);
});

test('what another process owns neither ends the run, nor hides what stands behind it, nor is read again and again', async () => {
  const foreign = 2_000;
  const isForeign = (name: string): boolean => Number(name.slice(1)) < foreign;
  const { names, run } = setUp((name) => (isForeign(name) ? problem('shutting_down', 'elsewhere') : done));
  let [rows, asked] = [0, 0];
  const source: DueSource = {
    async due(_at, limit, after) {
      asked += 1;
      const decided = new Set(names.filter((name) => !isForeign(name)));
      const due = Array.from({ length: foreign + 700 }, (_, i) => command(`n${i}`))
        .filter(({ name }) => !decided.has(name))
        .filter(({ place }) => after === undefined || Number(place.slice(1)) > Number(after.slice(1)))
        .slice(0, limit);
      rows += due.length;
      return due;
    },
  };
  expect(await run(source)).toEqual({ submitted: 700, failed: 0 });
  expect(names).toHaveLength(foreign + 700);
  // Once through to submit, and once more to see that nothing else has become due.
  expect(rows).toBe(foreign + 700 + foreign);
  expect(asked).toBeLessThan(15);
});

test('what a decision made due in front of it is found in the same run', async () => {
  const { names, run } = setUp();
  const chain: DueSource = {
    async due(_at, limit, after) {
      const next = names.length < 5 ? [command(`n${5 - names.length}`)] : [];
      return next.filter(({ place }) => after === undefined || place > after).slice(0, limit);
    },
  };
  expect(await run(chain)).toEqual({ submitted: 5, failed: 0 });
});
