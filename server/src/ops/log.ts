import pino, { type Logger } from 'pino';

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

/** Logs as JSON lines on stderr: stdout belongs to the banner and to results. */
export function createLog(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      redact: { paths: SECRET_PATHS.flatMap((path) => [path, `*.${path}`, `*.headers.${path}`]), censor: '(hidden)' },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
