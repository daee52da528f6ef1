import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ConfigOption } from './core/config-option.ts';
import { CONFIG_OPTIONS, type Config, type ConfigKey } from './config-options.ts';

export type { Config, ConfigKey } from './config-options.ts';

/** Where a value came from: `flag --port`, `environment MILLRACE_PORT`, `file millrace.json`, `default`. */
export type Origin = string;

export interface LoadedConfig {
  values: Config;
  origins: Record<ConfigKey, Origin>;
}

/** A setting that cannot be used. The message names it and says what would be right. */
export class ConfigError extends Error {
  readonly code = 'config_invalid';
}

const FILE = 'millrace.json';
const KEYS = Object.keys(CONFIG_OPTIONS) as ConfigKey[];

export interface ConfigSources {
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** Where `millrace.json` is looked for, and what relative folders are relative to. Default: the working directory. */
  folder?: string;
}

/**
 * Reads every setting: flags over environment over `millrace.json` (keys as the flags, without dashes in front) over
 * defaults. `--no-x` is `--x false`.
 *
 * @throws ConfigError for an unknown flag or key, or a value out of range.
 */
export function loadConfig({ argv, env, folder = process.cwd() }: ConfigSources): LoadedConfig {
  const flags = readFlags(argv);
  const file = readFile(resolve(folder, FILE));
  const values: Partial<Record<ConfigKey, unknown>> = {};
  const origins: Partial<Record<ConfigKey, Origin>> = {};
  for (const key of KEYS) {
    const option: ConfigOption<unknown> = CONFIG_OPTIONS[key];
    const found = find(option, flags, env, file);
    origins[key] = found?.origin ?? 'default';
    try {
      values[key] = found ? option.read(found.text) : option.default;
    } catch (cause) {
      throw new ConfigError(`${option.flag} (from ${found?.origin}) ${(cause as Error).message}`, { cause });
    }
  }
  values.dataFolder = resolve(folder, values.dataFolder as string);
  return { values: values as Config, origins: origins as Record<ConfigKey, Origin> };
}

/** Every setting as text for people, secrets hidden. */
export function describeConfig({
  values,
  origins,
}: LoadedConfig): { name: string; value: string; origin: Origin; description: string }[] {
  return KEYS.map((key) => {
    const option: ConfigOption<unknown> = CONFIG_OPTIONS[key];
    const value = Array.isArray(values[key]) ? (values[key] as string[]).join(',') : String(values[key]);
    return {
      name: option.flag,
      value: option.secret && value !== '' ? '(hidden)' : value,
      origin: origins[key],
      description: option.description,
    };
  });
}

function find(
  option: ConfigOption<unknown>,
  flags: ReadonlyMap<string, string>,
  env: ConfigSources['env'],
  file: ReadonlyMap<string, string>,
): { text: string; origin: Origin } | undefined {
  const flag = flags.get(option.flag);
  if (flag !== undefined) return { text: flag, origin: `flag --${option.flag}` };
  const value = env[option.env];
  if (value !== undefined && value !== '') return { text: value, origin: `environment ${option.env}` };
  const path = env[`${option.env}_FILE`];
  if (path) return { text: readSecret(path, option.env), origin: `environment ${option.env}_FILE` };
  const fromFile = file.get(option.flag);
  return fromFile === undefined ? undefined : { text: fromFile, origin: `file ${FILE}` };
}

function readFlags(argv: readonly string[]): Map<string, string> {
  const known = new Map<string, ConfigOption<unknown>>(
    KEYS.map((key) => [CONFIG_OPTIONS[key].flag, CONFIG_OPTIONS[key]]),
  );
  const flags = new Map<string, string>();
  for (let i = 0; i < argv.length; i += 1) {
    const match = /^--(no-)?([a-z-]+)(?:=(.*))?$/s.exec(argv[i] as string);
    const [name, negated, inline] = match
      ? [match[2] as string, match[1] !== undefined, match[3]]
      : ['', false, undefined];
    const option = known.get(name);
    if (!option) throw new ConfigError(`unknown argument ${argv[i]}`);
    const isSwitch = typeof option.default === 'boolean';
    if (negated && !isSwitch) throw new ConfigError(`--no-${name} makes no sense: ${name} is no switch`);
    if (isSwitch) {
      flags.set(name, negated ? 'false' : (inline ?? 'true'));
      continue;
    }
    const value = inline ?? argv[(i += 1)];
    if (value === undefined) throw new ConfigError(`--${name} needs a value`);
    flags.set(name, value);
  }
  return flags;
}

function readFile(path: string): Map<string, string> {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw new ConfigError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch (cause) {
    throw new ConfigError(`${path} is not valid JSON: ${(cause as Error).message}`, { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new ConfigError(`${path} must hold a JSON object`);
  const known = new Set<string>(KEYS.map((key) => CONFIG_OPTIONS[key].flag));
  const unknown = Object.keys(parsed).find((name) => !known.has(name));
  if (unknown !== undefined) throw new ConfigError(`${path} has the unknown key ${unknown}`);
  return new Map(
    Object.entries(parsed).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)]),
  );
}

function readSecret(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new ConfigError(`${name}_FILE names ${path}, which cannot be read: ${(cause as Error).message}`, { cause });
  }
}
