/**
 * Questions whose answer costs a look at every account: each is asked at most once in so long, and one at a time,
 * all who want to know. A console that is reloaded by ten operators costs as much as by one.
 */
const KEPT_MS = 10_000;
/** Different questions whose answers are kept: 1,000 lines each, some 10 MB. The oldest goes first. */
const KEPT_MAX = 32;
/** Different questions that may wait for their turn. Beyond it the asker is told to come back. */
const WAITING_MAX = 32;

/** Answers that are expensive, kept for a moment. */
export interface CachedAnswers<Answer> {
  /** undefined where too many other questions wait. Throws what `compute` throws; that is not kept. */
  get(key: string, compute: () => Promise<Answer>): Promise<Answer | undefined>;
}

export function createCachedAnswers<Answer>(): CachedAnswers<Answer> {
  const entries = new Map<string, { answer: Promise<Answer>; untilMs: number }>();
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function inTurn(compute: () => Promise<Answer>): Promise<Answer> {
    waiting += 1;
    const before = last;
    const mine = before.then(compute).finally(() => (waiting -= 1));
    last = mine.catch(() => undefined);
    return mine;
  }

  return {
    async get(key, compute) {
      const entry = entries.get(key);
      if (entry && performance.now() < entry.untilMs) return entry.answer;
      if (waiting >= WAITING_MAX) return undefined;
      const answer = inTurn(compute);
      // Until it is there, all who ask the same wait for the same answer.
      const mine = { answer, untilMs: Infinity };
      entries.delete(key);
      entries.set(key, mine);
      const oldest = entries.size > KEPT_MAX ? entries.keys().next().value : undefined;
      if (oldest !== undefined) entries.delete(oldest);
      try {
        return await answer;
      } catch (error) {
        if (entries.get(key) === mine) entries.delete(key);
        throw error;
      } finally {
        mine.untilMs = performance.now() + KEPT_MS;
      }
    },
  };
}
