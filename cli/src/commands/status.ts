import { createClient, MillraceError } from '@millrace/client';
import { type RuntimeInfo, readLiveRuntimeFile } from '@millrace/server/ops/runtime-file';
import { type Context, settingsOf } from '../context.ts';
import type { ExitName } from '../failure.ts';
import { renderFields } from '../output.ts';
import { elsewhereOf } from '../server.ts';

/** What `status --output json` prints. `demo` only in a demo installation. */
export interface Status {
  ready: boolean;
  http: string | null;
  grpc: string | null;
  data: string | null;
  demo?: Pick<NonNullable<RuntimeInfo['demo']>, 'users' | 'service_key'>;
}

/** A server on this machine answers within milliseconds; one elsewhere gets the time of a slow line. */
const ANSWER_MS_MAX = 5_000;

/** Asks the server itself: the file that it wrote stays behind when it is killed. */
export async function status(context: Context): Promise<ExitName> {
  const { output } = context;
  const { dataFolder } = settingsOf(context).values;
  const runtime = readLiveRuntimeFile(dataFolder);
  const elsewhere = elsewhereOf(context);
  const url = (elsewhere ?? runtime?.http)?.replace(/\/+$/, '');
  const local = runtime?.http === url ? runtime : undefined;
  const answer = url === undefined ? 'silent' : await ask(url);
  const there = answer !== 'silent';
  const found: Status = {
    ready: answer === 'ready',
    http: there ? (url as string) : null,
    grpc: there ? (local?.grpc ?? null) : null,
    data: elsewhere === undefined || local ? dataFolder : null,
    ...(there && local?.demo ? { demo: { users: local.demo.users, service_key: local.demo.service_key } } : {}),
  };
  output.result(found, () => tableOf(found));
  if (found.ready) return 'ok';
  output.note(
    there ? 'The server is there, and not ready.' : 'No server is running here. Start one with `millrace start`.',
  );
  return 'unreachable';
}

async function ask(url: string): Promise<'ready' | 'not_ready' | 'silent'> {
  try {
    const readiness = await createClient({ url, timeoutMs: ANSWER_MS_MAX, retry: { attemptsMax: 1 } }).readiness();
    // Another program may have taken the port since.
    if (typeof readiness?.ready !== 'boolean') return 'silent';
    return readiness.ready ? 'ready' : 'not_ready';
  } catch (error) {
    if (error instanceof MillraceError) return 'silent';
    throw error;
  }
}

function tableOf({ ready, http, grpc, data, demo }: Status): string {
  return renderFields([
    ['ready', ready ? 'yes' : 'no'],
    ['http', http],
    ['grpc', grpc],
    ['data', data],
    ...(demo?.users ?? []).map(({ role, email, password }) => [role, `${email}  ${password}`] as const),
    ...(demo ? [['service key', demo.service_key] as const] : []),
  ]);
}
