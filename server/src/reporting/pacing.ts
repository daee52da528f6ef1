/**
 * How long the index projection rests after a chunk.
 *
 * The order path and the projection share the server's cores. Measured on two of them, the projection costs 4 µs of one
 * core an order (one order_processed event and one transfer of a thousand users', ten thousand at once), and four times
 * as much where it indexes so few at once that no two are the same user's. So it rests: while little is waiting it works
 * a tenth of the time, and the more is waiting the less it rests, until it does not rest at all. From there on it competes
 * as one more connection; since an order costs the order path more than it costs the projection, the lag stops growing.
 *
 * The bound is chosen so that a reader who asks for a list in the worst moment gets it: 50,000 entries take a quarter of
 * a second at full speed, a second where no two are the same user's, twice that beside an order path that wants both
 * cores, and catching up waits for five.
 */
export const LAG_WITHOUT_REST = 50_000;

/** Rest for this many times as long as the chunk took, when nearly nothing is waiting: a tenth of the time. */
const REST_FACTOR_MAX = 9;

/** Nothing that waits rests longer, however slow the server was with the last chunk. */
const REST_MS_MAX = 2_000;

/**
 * @param lag how many entries still wait.
 * @param chunkMs how long the last chunk took.
 */
export function restMs(lag: number, chunkMs: number): number {
  const share = Math.max(0, 1 - lag / LAG_WITHOUT_REST);
  return Math.min(REST_MS_MAX, chunkMs * REST_FACTOR_MAX * share);
}
