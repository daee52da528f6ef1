import { isIP } from 'node:net';
import { keyOfSecret } from './signature.ts';

/** The one that signs, and the one that signed before it or will after it. */
const SECRETS_MAX = 2;

/** One setting: where it may come from and how its text is read. */
export interface ConfigOption<T> {
  /** Environment variable; `<NAME>_FILE` names a file that holds the value. */
  env: string;
  /** Command line flag, without dashes. */
  flag: string;
  default: T;
  read: (text: string) => T;
  /** Never printed. */
  secret?: true;
  description: string;
}

/** Settings by their names in the code. */
export type ConfigOptions = Readonly<Record<string, ConfigOption<unknown>>>;

/** What was read for them. */
export type ConfigValues<Options extends ConfigOptions> = {
  readonly [Key in keyof Options]: ReturnType<Options[Key]['read']>;
};

export function text(env: string, flag: string, value: string, description: string): ConfigOption<string> {
  return { env, flag, default: value, read: (input) => input, description };
}

export function secret(env: string, flag: string, description: string): ConfigOption<string> {
  return { ...text(env, flag, '', description), secret: true };
}

/** Of Standard Webhooks (`whsec_…`), each of which signs. Two while one is replaced by another. */
export function signingSecrets(env: string, flag: string, description: string): ConfigOption<readonly string[]> {
  const option = list(env, flag, description);
  return {
    ...option,
    secret: true,
    read: (input) => {
      const secrets = option.read(input);
      if (secrets.length > SECRETS_MAX || secrets.some((one) => keyOfSecret(one) === undefined))
        throw new Error(`must be at most ${SECRETS_MAX} secrets, each whsec_ and the base64 of 24 to 64 random bytes`);
      return secrets;
    },
  };
}

export function integer(
  env: string,
  flag: string,
  value: number,
  range: [number, number],
  description: string,
): ConfigOption<number> {
  return {
    env,
    flag,
    default: value,
    read: (input) => readInteger(input, range),
    description: `${description} (${range[0]}–${range[1]})`,
  };
}

function readInteger(input: string, [min, max]: [number, number]): number {
  const value = Number(input);
  // An empty text would count as 0.
  if (!/^\d{1,15}$/.test(input) || value < min || value > max)
    throw new Error(`must be a whole number from ${min} to ${max}`);
  return value;
}

export function yesNo(env: string, flag: string, value: boolean, description: string): ConfigOption<boolean> {
  return { env, flag, default: value, read: readYesNo, description };
}

function readYesNo(input: string): boolean {
  if (/^(1|true|yes|on)$/i.test(input)) return true;
  if (/^(0|false|no|off)$/i.test(input)) return false;
  throw new Error('must be true or false');
}

export function list(env: string, flag: string, description: string): ConfigOption<readonly string[]> {
  return {
    env,
    flag,
    default: [],
    read: (input) =>
      input
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    description,
  };
}

/** Addresses and networks in CIDR notation. */
export function networks(env: string, flag: string, description: string): ConfigOption<readonly string[]> {
  const option = list(env, flag, description);
  return {
    ...option,
    read: (input) => {
      const parts = option.read(input);
      const wrong = parts.find((part) => !isNetwork(part));
      if (wrong === undefined) return parts;
      throw new Error(`must be addresses or networks such as 127.0.0.1,10.0.0.0/8, and ${wrong} is none`);
    },
  };
}

function isNetwork(text: string): boolean {
  const [, address = '', prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && (prefix === undefined || Number(prefix) <= (family === 4 ? 32 : 128));
}

export function decimal(env: string, flag: string, value: string, description: string): ConfigOption<string> {
  return {
    ...text(env, flag, value, description),
    read: (input) => {
      if (!/^\d{1,15}(\.\d{1,8})?$/.test(input)) throw new Error('must be a decimal number such as 10000.00');
      return input;
    },
  };
}

/** As the wire has rates: six places, below 1,000. */
export function rate(env: string, flag: string, value: string, description: string): ConfigOption<string> {
  return {
    ...text(env, flag, value, description),
    read: (input) => {
      if (!/^(0|[1-9]\d{0,2})(\.\d{1,6})?$/.test(input)) throw new Error('must be a decimal number such as 0.36');
      return input;
    },
  };
}

export function word(
  env: string,
  flag: string,
  value: string,
  words: readonly string[],
  description: string,
): ConfigOption<string> {
  return {
    ...text(env, flag, value, `${description} (${words.join(', ')})`),
    read: (input) => {
      if (!words.includes(input)) throw new Error(`must be one of ${words.join(', ')}`);
      return input;
    },
  };
}
