/** Calls for each item, at most so many at the same time, in their order. The first that throws ends it. */
export async function eachAtOnce<Item>(
  items: readonly Item[],
  max: number,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const work = async (): Promise<void> => {
    for (const item of rest) await act(item);
  };
  await Promise.all(Array.from({ length: Math.min(max, items.length) }, work));
}
