import { loadConfig } from './config.ts';
import { createLog } from './ops/log.ts';
import { releaseMemory } from './ops/release-memory.ts';
import { type Platform, startPlatform } from './platform.ts';

/** A stop that takes longer than this is ended by force; what was acknowledged is safe all the same. */
const STOP_MS_MAX = 25_000;

/** The part that finds that a setting does not fit marks the error so. */
const CONFIG_INVALID = 'config_invalid';

async function main(): Promise<void> {
  const config = loadConfig({ argv: process.argv.slice(2), env: process.env });
  const { logLevel } = config.values;
  // On a terminal the banner comes first, and before it only what is wrong, unless more is asked for.
  const calm = process.stderr.isTTY && config.origins.logLevel === 'default';
  const log = createLog(calm ? 'warn' : logLevel);
  const stopping = new AbortController();
  let platform: Platform | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    log.info({ signal }, 'stopping: no new work, what waits is finished');
    setTimeout(() => process.exit(1), STOP_MS_MAX).unref();
    void platform?.stop().then(
      () => process.exit(0),
      (error) => {
        log.error({ err: error }, 'the stop failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  platform = await startPlatform({ config: config.values, log });
  if (stopping.signal.aborted) {
    await platform.stop();
    process.exit(0);
  }
  process.stdout.write(platform.banner);
  log.level = logLevel;
  // Now, when nobody has come yet.
  releaseMemory();
  // Another process owns our work now, or a part of us cannot go on: better to end than to half work.
  const reason = await platform.ended;
  log.error({ err: reason }, 'stopping');
  process.exit(1);
}

main().catch((error: unknown) => {
  process.stderr.write(`millrace: ${explain(error as Error)}\n`);
  process.exit((error as { code?: unknown }).code === CONFIG_INVALID ? 2 : 1);
});

/** In the words of the operator who starts it, where the error is one that is known; otherwise with what we need to find it. */
function explain(error: Error & { code?: unknown; address?: string; port?: number }): string {
  if (error.code === 'EADDRINUSE')
    return `${error.address}:${error.port} is taken: stop what listens there, or choose another port with --port (0 takes a free one)`;
  return (error.code === undefined ? error.stack : undefined) ?? error.message;
}
