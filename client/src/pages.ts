import type { WirePage } from '@millrace/contract';

/** Reads page after page while somebody takes the items; never more than one page ahead. */
export async function* itemsOf<Item>(
  fetchPage: (at: { cursor?: string }) => Promise<WirePage<Item>>,
): AsyncGenerator<Item> {
  let at: { cursor?: string } = {};
  for (;;) {
    const page = await fetchPage(at);
    yield* page.data;
    if (!page.has_more || page.next_cursor === null) return;
    at = { cursor: page.next_cursor };
  }
}
