import pino, { type Logger } from 'pino';
import { createCalm, type Line } from './calm.ts';

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
