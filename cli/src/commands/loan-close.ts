import type { Context } from '../context.ts';
import { renderFields } from '../output.ts';
import { serverOf } from '../server.ts';

/** Ends the funding of an open loan. */
export async function loanClose(context: Context, id: string, { reason }: { reason: string }): Promise<void> {
  const { output, signal } = context;
  const loan = await serverOf(context).client.loans.close(id, { reason }, { signal });
  output.result(loan, () =>
    renderFields([
      ['id', loan.id],
      ['purpose', loan.purpose],
      ['status', loan.status],
      ['given back', loan.funded],
    ]),
  );
}
