import { ConfigError, loadConfig, type LoadedConfig } from '@millrace/server/config';
import { CliFailure } from './failure.ts';
import type { Output, OutputFormat } from './output.ts';

/** What every command gets: the outside world, and the options that all commands have. */
export interface Context {
  output: Output;
  env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C and SIGTERM. */
  signal: AbortSignal;
  global: GlobalOptions;
}

export interface GlobalOptions {
  url?: string;
  token?: string;
  data?: string;
  databaseUrl?: string;
}

/** The options of every command, as they were parsed. */
export type Parsed = GlobalOptions & { output: OutputFormat };

/** Where a question can be answered: on a terminal, and not in a build pipeline. */
export function canAsk(env: Context['env']): boolean {
  return process.stdin.isTTY && process.stderr.isTTY && env['CI'] === undefined;
}

/** The server's own settings, as it would read them here: data folder, database, currency. */
export function settingsOf(
  { global, env }: Pick<Context, 'global' | 'env'>,
  more: readonly string[] = [],
): LoadedConfig {
  const flags = [
    ...(global.data === undefined ? [] : [`--data=${global.data}`]),
    ...(global.databaseUrl === undefined ? [] : [`--database-url=${global.databaseUrl}`]),
  ];
  try {
    return loadConfig({ argv: [...flags, ...more], env });
  } catch (error) {
    if (error instanceof ConfigError) throw new CliFailure('usage', error.message, { cause: error });
    throw error;
  }
}
