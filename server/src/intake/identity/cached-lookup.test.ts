import { describe, expect, it } from 'vitest';
import { settableClock } from '../../core/clock.ts';
import { createCachedLookup, type Found } from './cached-lookup.ts';

interface Thing {
  name: string;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A lookup whose loads are answered by the test, from what `stored` holds when it says so. */
function setUp(entriesMax = 100) {
  const clock = settableClock(1_000_000);
  const stored = new Map<string, Found<Thing>>();
  const loads: { keys: readonly string[]; answer: () => void; fail: (error: Error) => void }[] = [];
  const lookup = createCachedLookup<Thing>({
    clock,
    entriesMax,
    ttlMs: 5_000,
    load: (keys) => {
      const { promise, resolve, reject } = Promise.withResolvers<Map<string, Found<Thing>>>();
      const found = new Map([...stored].filter(([key]) => keys.includes(key)));
      loads.push({ keys, answer: () => resolve(found), fail: reject });
      return promise;
    },
  });
  const put = (key: string, validUntilMs = Infinity): void =>
    void stored.set(key, { value: { name: key }, validUntilMs });
  const load = async (key: string): Promise<Thing | undefined> => {
    const answer = lookup.get(key);
    await settled();
    loads.at(-1)?.answer();
    return answer;
  };
  return { clock, stored, loads, lookup, put, load };
}

describe('a cached lookup', () => {
  it('reads a key once within its time to live, and again after', async () => {
    const { clock, loads, lookup, put, load } = setUp();
    put('a');
    expect(await load('a')).toEqual({ name: 'a' });
    clock.advance(4_999);
    expect(await lookup.get('a')).toEqual({ name: 'a' });
    expect(loads).toHaveLength(1);
    clock.advance(1);
    expect(await load('a')).toEqual({ name: 'a' });
    expect(loads).toHaveLength(2);
  });

  it('reads again where the clock was set back', async () => {
    const { clock, loads, put, load } = setUp();
    put('a');
    await load('a');
    clock.advance(-1);
    await load('a');
    expect(loads).toHaveLength(2);
  });

  it('reads what is in use along with what is asked for, before its time is over', async () => {
    const { clock, loads, lookup, put, load } = setUp();
    for (const key of ['used', 'unused', 'old', 'young']) put(key);
    await load('used');
    await load('unused');
    await lookup.get('used');
    clock.advance(2_000);
    await load('young');
    await lookup.get('young');
    clock.advance(1_999);
    await load('old');
    expect(loads.at(-1)?.keys).toEqual(['old', 'used']);
    clock.advance(2_000);
    const count = loads.length;
    expect(await lookup.get('used')).toEqual({ name: 'used' });
    expect(loads).toHaveLength(count);
    expect(await load('unused')).toEqual({ name: 'unused' });
    expect(loads.at(-1)?.keys).toEqual(['unused', 'young']);
  });

  it('keeps nothing that was read along and is there no more', async () => {
    const { clock, lookup, stored, put, load } = setUp();
    put('a');
    put('b');
    await load('a');
    await lookup.get('a');
    clock.advance(4_000);
    stored.delete('a');
    await load('b');
    expect(await load('a')).toBeUndefined();
  });

  it('keeps nothing that was read along before it was forgotten', async () => {
    const { clock, loads, lookup, stored, put, load } = setUp();
    put('a');
    put('b');
    await load('a');
    await lookup.get('a');
    clock.advance(4_000);
    const other = lookup.get('b');
    stored.delete('a');
    lookup.forget('a');
    loads.at(-1)?.answer();
    await other;
    expect(await load('a')).toBeUndefined();
  });

  it('uses no value past its own end', async () => {
    const { clock, stored, put, load } = setUp();
    put('a', clock.now() + 1_000);
    expect(await load('a')).toEqual({ name: 'a' });
    clock.advance(1_000);
    expect(await load('a')).toBeUndefined();
    stored.delete('a');
  });

  it('does not remember what does not exist', async () => {
    const { put, load } = setUp();
    expect(await load('a')).toBeUndefined();
    put('a');
    expect(await load('a')).toEqual({ name: 'a' });
  });

  it('gathers the keys that come while one query runs, each once, into the next', async () => {
    const { loads, lookup, put } = setUp();
    for (const key of ['a', 'b', 'c']) put(key);
    const answers = ['a', 'b', 'c', 'b', 'c'].map((key) => lookup.get(key));
    loads[0]?.answer();
    await settled();
    loads[1]?.answer();
    expect((await Promise.all(answers)).map((thing) => thing?.name)).toEqual(['a', 'b', 'c', 'b', 'c']);
    expect(loads.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c']]);
  });

  it('reads a key again that is asked for while it is being read: the running answer may be too old', async () => {
    const { loads, lookup, put } = setUp();
    put('a');
    const first = lookup.get('a');
    const second = lookup.get('a');
    loads[0]?.answer();
    await first;
    await settled();
    expect(loads).toHaveLength(2);
    loads[1]?.answer();
    expect(await second).toEqual({ name: 'a' });
  });

  it('does not keep an answer that was read before the key was forgotten', async () => {
    const { loads, lookup, stored, put, load } = setUp();
    put('a');
    const before = lookup.get('a');
    stored.delete('a');
    lookup.forget('a');
    loads[0]?.answer();
    await before;
    expect(await load('a')).toBeUndefined();
  });

  it('forgets every value that fits', async () => {
    const { loads, lookup, stored, put, load } = setUp();
    put('a');
    put('b');
    await load('a');
    await load('b');
    stored.clear();
    lookup.forgetWhere(({ name }) => name === 'a');
    expect(await load('a')).toBeUndefined();
    expect(await lookup.get('b')).toEqual({ name: 'b' });
    expect(loads).toHaveLength(3);
  });

  it('keeps no more than its maximum', async () => {
    const { loads, lookup, put, load } = setUp(2);
    for (const key of ['a', 'b', 'c']) {
      put(key);
      await load(key);
    }
    await lookup.get('c');
    expect(loads).toHaveLength(3);
    await load('a');
    expect(loads).toHaveLength(4);
  });

  it('hands an error to those who asked, and goes on', async () => {
    const { loads, lookup, put, load } = setUp();
    put('a');
    put('b');
    const failing = lookup.get('a');
    const next = lookup.get('b');
    loads[0]?.fail(new Error('connection lost'));
    await expect(failing).rejects.toThrow('connection lost');
    await settled();
    loads[1]?.answer();
    expect(await next).toEqual({ name: 'b' });
    expect(await load('a')).toEqual({ name: 'a' });
  });

  it('reads at most 500 keys at once, lets 10,000 wait and refuses the next', async () => {
    const { loads, lookup } = setUp();
    const waiting = Array.from({ length: 10_001 }, (_, i) => lookup.get(`key-${i}`));
    await expect(lookup.get('one too many')).rejects.toMatchObject({
      code: 'overloaded',
      problem: { retryAfterSeconds: 1 },
    });
    for (let i = 0; i < 21; i += 1) {
      loads[i]?.answer();
      await settled();
    }
    expect(await Promise.all(waiting)).toHaveLength(10_001);
    expect(Math.max(...loads.map(({ keys }) => keys.length))).toBe(500);
  });
});
