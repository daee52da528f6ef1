/** The same cause is told once in so long, with how often it came. */
const REPEAT_MS = 60_000;
/** Causes that are kept apart; beyond, lines are written as they come. */
const CAUSES_MAX = 500;
/** Requests are promised to be found in the log by their id: so many of those that are only counted. */
const REQUEST_IDS_MAX = 20;

export interface Line {
  fields: { err?: unknown; request_id?: unknown; order_id?: unknown };
  message: string;
}

interface Cause {
  repeated: number;
  requestIds: unknown[];
}

/**
 * Keeps a log readable while one thing is broken: of lines about an error, the first of each cause is written at once, and those
 * that come within a minute are counted and told together at its end.
 *
 * @param later runs something after so many ms; replaced in tests.
 * @returns whether a line is to be written now. `write` is called with the count when the minute is over.
 */
export function createCalm(later: (run: () => void, ms: number) => void = unhurried) {
  const causes = new Map<string, Cause>();
  return (line: Line, write: (fields: object) => void): boolean => {
    const { err, request_id: requestId, order_id: orderId } = line.fields;
    if (err === undefined) return true;
    // Each order that something is wrong with has its line.
    const name = [line.message, codeOf(err), orderId].join('\n');
    const known = causes.get(name);
    if (known) {
      known.repeated += 1;
      if (requestId !== undefined && known.requestIds.length < REQUEST_IDS_MAX) known.requestIds.push(requestId);
      return false;
    }
    if (causes.size >= CAUSES_MAX) return true;
    const cause: Cause = { repeated: 0, requestIds: [] };
    causes.set(name, cause);
    later(() => {
      causes.delete(name);
      if (cause.repeated === 0) return;
      const ids = cause.requestIds.length > 0 ? { request_ids: cause.requestIds } : {};
      write({ repeated: cause.repeated, cause: codeOf(err), ...ids });
    }, REPEAT_MS);
    return true;
  };
}

function unhurried(run: () => void, ms: number): void {
  setTimeout(run, ms).unref();
}

/** By code where there is one: a server's message names the row or file that it was about, each time another. */
function codeOf(error: unknown): string {
  const { code, name, message } = error as { code?: unknown; name?: unknown; message?: unknown };
  return typeof code === 'string' ? code : `${String(name)}: ${String(message)}`;
}
