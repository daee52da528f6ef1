import type { Subscription } from '@millrace/client';
import type { WireEventEnvelope } from '@millrace/contract';
import type { Context } from '../context.ts';
import { CliFailure, type ExitName, failureOf } from '../failure.ts';
import { printable } from '../output.ts';
import { serverOf } from '../server.ts';

export interface EventsTailOptions {
  /** Default: everything for operators, one's own for others. */
  channel?: string;
  after?: string;
  /** End after this many events. */
  limit?: number;
}

/** Follows a channel until it is interrupted; a lost connection goes on where it was. */
export async function eventsTail(context: Context, options: EventsTailOptions): Promise<ExitName> {
  const { output, signal } = context;
  const { client } = serverOf(context);
  const channel = options.channel ?? ((await client.me({ signal })).role === 'operator' ? 'operators' : 'me');
  let lost = false;
  const stream = client.stream({
    onState: (state) => {
      if (state === 'waiting') output.note('The connection is lost. Trying again …');
      if (state === 'open' && lost) output.note('Connected again.');
      lost = state === 'waiting' || (lost && state === 'connecting');
    },
  });
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  let refused: CliFailure | undefined;
  let done = false;
  let reached: string | undefined;
  const finish = (): void => {
    done = true;
    stream.close();
  };
  signal.addEventListener('abort', finish, { once: true });
  const subscription: Subscription = stream.subscribe(
    channel,
    {
      async event(event, cursor) {
        if (done) return;
        output.line({ cursor, channel, event }, () => lineOf(event));
        reached = cursor;
        await output.drained();
        left -= 1;
        if (left <= 0) finish();
      },
      reload(reason, cursor) {
        output.note(`Events were left out (${reason}); going on behind ${cursor}.`);
        reached = cursor;
      },
      error: (error) => {
        refused = failureOf(error);
        finish();
      },
    },
    { after: options.after },
  );
  output.note(`Following ${channel}. Ctrl-C ends it.`);
  const ended = await stream.ended;
  if (refused) throw refused;
  if (ended) throw ended;
  const after = reached ?? subscription.cursor;
  if (after !== undefined) output.note(`To go on from here: --after ${after}`);
  if (!signal.aborted && left > 0) throw new CliFailure('unreachable', 'the stream ended');
  return 'ok';
}

function lineOf({ id, time, type, subject, data }: WireEventEnvelope): string {
  const fields = Object.entries(data)
    .filter(([, value]) => value !== null && value !== subject && typeof value !== 'object')
    .map(([name, value]) => `${name}=${printable(String(value))}`);
  return `${time}  ${id.padEnd(8)}  ${type.padEnd(20)}  ${subject}  ${fields.join(' ')}`.trimEnd();
}
