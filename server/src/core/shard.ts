/** The shard of an id (public or bare), by its last eight digits. */
export function shardOf(subject: string, shardCount: number): number {
  return shardCount === 1 ? 0 : Number.parseInt(subject.slice(-8), 16) % shardCount;
}

const ENDS_LIKE_AN_ID = /[0-9a-f]{8}$/i;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** The shard of an id, or of any other text such as a symbol, which is hashed (FNV-1a, 32 bits). The same in every version: orders carry it. */
export function shardOfText(text: string, shardCount: number): number {
  if (shardCount === 1 || ENDS_LIKE_AN_ID.test(text)) return shardOf(text, shardCount);
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  return (hash >>> 0) % shardCount;
}
