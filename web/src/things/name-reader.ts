/** As many as the server tells at once. */
const AT_ONCE = 100;

export type ReadNames = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/**
 * Reads names one by one, those that are asked for in the same turn with one request: a list asks for the name of each of its
 * rows. null: there is no such thing.
 */
export function createNameReader(read: ReadNames): (id: string) => Promise<string | null> {
  let waiting = new Map<string, PromiseWithResolvers<string | null>>();

  async function ask(asked: readonly [string, PromiseWithResolvers<string | null>][]): Promise<void> {
    try {
      const names = await read(asked.map(([id]) => id));
      for (const [id, { resolve }] of asked) resolve(names.get(id) ?? null);
    } catch (error) {
      for (const [, { reject }] of asked) reject(error);
    }
  }

  function askAll(): void {
    const all = [...waiting];
    waiting = new Map();
    for (let at = 0; at < all.length; at += AT_ONCE) void ask(all.slice(at, at + AT_ONCE));
  }

  return (id) => {
    if (waiting.size === 0) setTimeout(askAll, 0);
    const name = waiting.get(id) ?? Promise.withResolvers<string | null>();
    waiting.set(id, name);
    return name.promise;
  };
}
