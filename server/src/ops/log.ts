import pino, { type Logger } from 'pino';

/** The same cause is told once in so long, with how often it came. */
const REPEAT_MS = 60_000;
/** Causes that are kept apart; beyond, lines are written as they come. */
const CAUSES_MAX = 500;
/** Requests are promised to be found in the log by their id: so many of those that are only counted. */
const REQUEST_IDS_MAX = 20;

interface Line {
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

/** Whatever is logged by mistake under one of these names never shows its value. */
const SECRET_PATHS = [
  'password',
  'token',
  'secret',
  'authorization',
  'cookie',
  'databaseUrl',
  'connectionString',
  'service_key',
  'ticket',
];

/**
 * Logs as JSON lines on stderr: stdout belongs to the banner and to results. Errors that repeat are told together, once a
 * minute, unless the finest detail is wanted.
 */
export function createLog(level: string): Logger {
  const calm = createCalm();
  return pino(
    {
      level,
      base: null,
      redact: { paths: SECRET_PATHS.flatMap((path) => [path, `*.${path}`, `*.headers.${path}`]), censor: '(hidden)' },
      serializers: { err: describeError },
      hooks: {
        logMethod(args, method) {
          const [fields, message] = args as unknown as [Line['fields'], string];
          const isAboutError = this.level !== 'debug' && typeof fields === 'object' && typeof message === 'string';
          const repeated = (counted: object): void => method.apply(this, [counted, message]);
          if (!isAboutError || calm({ fields, message }, repeated)) method.apply(this, args);
        },
      },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** What helps to find the fault. Not the error's other fields: a driver's error can hold its connection with everything in it. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const { code, detail } = error as { code?: unknown; detail?: unknown };
  return { name, message, code, detail, stack, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
}
