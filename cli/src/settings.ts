import { ConfigError, type LoadedConfig, loadConfig } from '@millrace/server/config';
import type { Context } from './context.ts';
import { CliFailure } from './failure.ts';

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
