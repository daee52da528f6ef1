import type { WireClock } from '@millrace/contract';
import type { Context } from '../context.ts';
import { renderFields } from '../output.ts';
import { serverOf } from '../server.ts';

const WORDS = {
  database: 'no: the clocks of the server and of its database differ',
  behind: 'no: an event is of a later time',
  gap: 'no: it is long since the installation was last at work',
} as const satisfies Record<NonNullable<WireClock['fault']>, string>;

export async function clockShow(context: Context): Promise<void> {
  const { clock } = await serverOf(context).client.overview.get({ signal: context.signal });
  if (clock) show(context, clock);
  else context.output.note('The server has not looked at its clock yet.');
}

export async function clockConfirm(context: Context): Promise<void> {
  show(context, await serverOf(context).client.clock.confirm({ signal: context.signal }));
}

function show({ output }: Context, clock: WireClock): void {
  output.result(clock, () =>
    renderFields([
      ['believed', clock.fault === null ? 'yes' : WORDS[clock.fault]],
      ['now', clock.business],
      ['database', clock.database],
      ['last at work', clock.last_seen],
      ['latest event', clock.latest_event],
    ]),
  );
}
