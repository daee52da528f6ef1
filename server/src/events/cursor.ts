/** How far a reader has come in every shard: shard → last sequence it has seen. */
export type Cursor = ReadonlyMap<number, number>;

const TEXT = /^\d{1,5}-\d{1,15}(\.\d{1,5}-\d{1,15})*$/;

/** `0-153` for one shard, `0-153.1-88` for two: the same text in REST, WebSocket, server-sent events and exports. */
export function formatCursor(cursor: Cursor): string {
  return [...cursor]
    .sort(([a], [b]) => a - b)
    .map(([shard, seq]) => `${shard}-${seq}`)
    .join('.');
}

/** undefined where the text is no cursor. */
export function parseCursor(text: string): Cursor | undefined {
  if (!TEXT.test(text)) return undefined;
  const cursor = new Map<number, number>();
  for (const part of text.split('.')) {
    const [shard, seq] = part.split('-').map(Number) as [number, number];
    if (cursor.has(shard)) return undefined;
    cursor.set(shard, seq);
  }
  return cursor;
}
