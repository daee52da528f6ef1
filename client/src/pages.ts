import type { WirePage } from '@millrace/contract';
import { unexpectedAnswer } from './error.ts';

/** Reads page after page while the items are taken; never more than one page ahead. */
export async function* itemsOf<Item>(
  fetchPage: (at: { cursor?: string }) => Promise<WirePage<Item>>,
): AsyncGenerator<Item> {
  let at: { cursor?: string } = {};
  for (;;) {
    const page = await fetchPage(at);
    if (!Array.isArray(page.data)) throw unexpectedAnswer('the answer is no page of a list', 200);
    yield* page.data;
    if (!page.has_more || page.next_cursor === null) return;
    // No end would come: not a server of ours, or a proxy that answers from memory.
    if (page.next_cursor === at.cursor) throw new Error('The answer goes on where it began: the list has no end.');
    at = { cursor: page.next_cursor };
  }
}
