import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, createClient } from '@millrace/client';
import { type RuntimeInfo, readLiveRuntimeFile } from '@millrace/server/ops/runtime-file';
import { type Context, settingsOf } from './context.ts';
import { CliFailure } from './failure.ts';

export interface Server {
  url: string;
  client: Client;
  /** What the server on this machine says about itself; undefined for one elsewhere. */
  runtime: RuntimeInfo | undefined;
}

/** The key that a server writes at its start for commands on the same machine. */
const OPERATOR_KEY_FILE = 'operator.key';

/**
 * The server to talk to: `--url`, `MILLRACE_URL`, or the one that runs in the data folder. As whom: `--token`,
 * `MILLRACE_TOKEN`, `MILLRACE_TOKEN_FILE`, or that server's local operator key, which goes to no other address and to no other process.
 *
 * @throws CliFailure `unreachable` where no server is known, `not_allowed` where there is no token, `usage` for one that is
 *   empty: a variable that is not set must not turn its user into the operator.
 */
export function serverOf(context: Context): Server {
  const { dataFolder } = settingsOf(context).values;
  const local = readLiveRuntimeFile(dataFolder);
  const url = (elsewhereOf(context) ?? local?.http)?.replace(/\/+$/, '');
  if (url === undefined) {
    throw new CliFailure('unreachable', `no server runs with the data folder ${dataFolder}`, {
      hint: 'Start one with `millrace start`, or name it with --url.',
    });
  }
  const runtime = local?.http === url ? local : undefined;
  const token = tokenOf(context) ?? (runtime ? readKey(join(dataFolder, OPERATOR_KEY_FILE)) : undefined);
  if (token === undefined) {
    throw new CliFailure('not_allowed', `there is no token for ${url}`, {
      hint: 'Give one with MILLRACE_TOKEN or --token: an API key, or the token of a session.',
    });
  }
  return { url, client: createClient({ url, token }), runtime };
}

/** The server that was named. A variable that is empty is one that is not set. */
export function elsewhereOf({ global, env }: Pick<Context, 'global' | 'env'>): string | undefined {
  return global.url ?? (env['MILLRACE_URL'] || undefined);
}

function tokenOf({ global, env }: Context): string | undefined {
  if (global.token === '') throw new CliFailure('usage', '--token is empty');
  const given = global.token ?? env['MILLRACE_TOKEN'];
  if (given !== undefined && given !== '') return given;
  const path = env['MILLRACE_TOKEN_FILE'];
  if (path === undefined || path === '') return undefined;
  const token = readKey(path);
  if (token === undefined) throw new CliFailure('usage', `MILLRACE_TOKEN_FILE names ${path}, which does not exist`);
  return token;
}

function readKey(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new CliFailure('not_allowed', `the token in ${path} cannot be read: ${message}`, { cause });
  }
}
